// data-switch="theme | text | sidebar": dark mode, large type, the menu on a phone.  data-print  prints,  data-back  goes back
// The first two are remembered in cookies, so that the server renders the next page in them without a flash.
import { all, on } from './dom.js';

const page = document.documentElement;
const YEAR = 31536000;

function remember(name, value) {
  page.dataset[name] = value;
  document.cookie = `${name}=${value};path=/;max-age=${YEAR};samesite=lax`;
}

const switches = {
  theme() {
    remember('theme', page.dataset.theme === 'dark' ? 'light' : 'dark');
    return page.dataset.theme === 'dark';
  },
  text() {
    remember('text', page.dataset.text === 'large' ? 'normal' : 'large');
    return page.dataset.text === 'large';
  },
  sidebar() {
    return document.getElementById('sidebar').classList.toggle('open');
  },
};

on('click', '[data-switch]', (event, button) => {
  const isOn = switches[button.dataset.switch]();
  const state = button.hasAttribute('aria-expanded') ? 'aria-expanded' : 'aria-pressed';
  all(`[data-switch=${button.dataset.switch}]`).forEach((each) => each.setAttribute(state, isOn));
});
// Of a long menu one sees where one is.
const bar = document.getElementById('sidebar');
const here = bar && bar.querySelector('[aria-current]');
if (here && here.offsetTop + here.offsetHeight > bar.clientHeight) bar.scrollTop = here.offsetTop - bar.clientHeight / 2;
on('click', '[data-print]', () => window.print());
on('click', '[data-back]', () => history.back());
