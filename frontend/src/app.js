// Every page's behaviour. Pages stay usable without it: links are links, forms are forms.
// The data-attributes each module answers to stand in the comment at its top.
import 'bootstrap/js/dist/dropdown.js';
import './js/preferences.js';
import './js/dialogs.js';
import './js/batch.js';
import './js/filters.js';
import './js/forms.js';
import './js/drafts.js';
import './js/keyboard.js';
import './js/comes-with.js';
import './js/selects.js';
import './js/poll.js';
import './js/tabs.js';
