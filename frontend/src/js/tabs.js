// [role=tablist] with [role=tab][data-bs-toggle=tab][data-bs-target="#pane"]; the open tab is kept in the address.
import Tab from 'bootstrap/js/dist/tab.js';
import { all, on } from './dom.js';

on('shown.bs.tab', '[data-bs-toggle=tab]', (event, tab) => history.replaceState(history.state, '', tab.dataset.bsTarget));
const asked = all('[data-bs-toggle=tab]').find((tab) => tab.dataset.bsTarget === location.hash);
if (asked) Tab.getOrCreateInstance(asked).show();
// Of tabs that do not fit beside each other one sees the open one.
for (const tab of all('.tabs > .active, .tabs > [aria-current]')) tab.scrollIntoView({ block: 'nearest', inline: 'center' });
