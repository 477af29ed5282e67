// [data-key="C"]  is clicked by that key where nobody types
// /  goes to the search box · Ctrl+Enter sends the form one is in · Escape, or a touch beside it, closes the menu
// Digits of full width, which a Chinese input method types, become plain ones in fields marked data-plain-digits.
import { all, on, one } from './dom.js';

const isTyping = (target) => /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;

function closeSidebar() {
  const sidebar = one('#sidebar.open');
  if (!sidebar) return;
  sidebar.classList.remove('open');
  const button = one('[data-switch=sidebar]');
  button.setAttribute('aria-expanded', 'false');
  button.focus();
}
function closeMenus() {
  closeSidebar();
  all('details.menu[open]').forEach((menu) => {
    menu.open = false;
    one('summary', menu).focus();
  });
}

document.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  const { form } = event.target;
  if (event.key === '/' && !isTyping(event.target) && one('#search')) {
    event.preventDefault();
    one('#search').focus();
  } else if (event.key === 'Enter' && event.ctrlKey && form) {
    const button = one('[type=submit]', form);
    if (button) button.click();
  } else if (event.key === 'Escape') closeMenus();
  else if (!isTyping(event.target) && !event.ctrlKey && !event.altKey && !event.metaKey && !one('dialog[open]')) {
    const pressed = all('[data-key]').find((each) => each.dataset.key === event.key.toUpperCase());
    if (pressed && !event.repeat) pressed.click();
  }
});
document.addEventListener('click', (event) => {
  all('details.menu[open]').filter((menu) => !menu.contains(event.target)).forEach((menu) => { menu.open = false; });
});
document.addEventListener('click', (event) => { // beside the open menu, a touch closes it and does nothing else
  if (!one('#sidebar.open') || event.target.closest('#sidebar, [data-switch=sidebar]')) return;
  event.preventDefault();
  event.stopPropagation();
  closeSidebar();
}, true);
on('change', '[data-plain-digits]', (event, field) => {
  field.value = field.value.normalize('NFKC').replace(/\s/g, '').toUpperCase();
});
