// form[data-no-enter]        Enter in a field goes to the next one and never submits: card readers and scanners press it
// data-fill="id"             on a select: the chosen option's text goes into that field (phrases one may change)
// data-show-if="name=value"  shown while the field of that name in the form has that value (several: name=a|b), or
//                            while one of several such conditions holds (name=a;other=b);
//                            while hidden its fields are disabled, so that they are neither required nor sent
// A form is sent once: its submit buttons are disabled after the first click, until the page is shown again.
import { all, on, one } from './dom.js';

const NEVER_SUBMITS = 'input:not([type=submit]):not([type=button]):not([type=checkbox]):not([type=radio]):not([type=file])';
const FOCUSABLE = 'input:not([type=hidden]):not([disabled]), select:not([disabled]), textarea:not([disabled]), button:not([disabled])';

on('keydown', `form[data-no-enter] ${NEVER_SUBMITS}, form[data-no-enter] select`, (event, field) => {
  if (event.key !== 'Enter' || event.ctrlKey || event.isComposing || event.defaultPrevented) return;
  event.preventDefault();
  const fields = all(FOCUSABLE, field.form).filter((each) => each.offsetParent && each.tabIndex >= 0);
  const next = fields[fields.indexOf(field) + 1];
  if (next) next.focus();
});

on('change', '[data-fill]', (event, select) => {
  const field = document.getElementById(select.dataset.fill);
  if (select.value) field.value = select.selectedOptions[0].text;
  field.focus();
});

function showIfTrue(part) {
  const { elements } = part.closest('form');
  part.hidden = !part.dataset.showIf.split(';').some((condition) => {
    const [name, wanted] = condition.split('=');
    const field = elements.namedItem(name);
    const isTick = field && (field.type === 'checkbox' || field.type === 'radio'); // radios that are several have no type
    const chosen = !field || (isTick && !field.checked) ? '' : field.value;
    return wanted.split('|').includes(chosen);
  });
  all('input, select, textarea', part).forEach((each) => { each.disabled = Boolean(each.closest('[data-show-if][hidden]')); });
}
const showAll = (root) => all('[data-show-if]', root).forEach(showIfTrue);
on('change', 'form', (event, form) => showAll(form));

on('submit', 'form', (event, form) => {
  if (event.defaultPrevented || form.method !== 'post' || form.target) return;
  // Not at once: the clicked button's own name and value must still be sent.
  setTimeout(() => {
    form.setAttribute('aria-busy', 'true');
    all('[type=submit]', form).forEach((button) => { button.disabled = true; });
  });
});
addEventListener('pageshow', () => {
  all('form[aria-busy]').forEach((form) => {
    form.removeAttribute('aria-busy');
    all('[type=submit]', form).forEach((button) => { button.disabled = false; });
  });
  showAll(document);
});

// After a refused act the summary of complaints is what one must read first.
const summary = one('.error-summary');
if (summary) summary.focus();
