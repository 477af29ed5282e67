// form[data-draft="name"]   what is typed is kept for this tab until the form is sent, and put back if the page is left
//                           and opened again; data-draft-note (hidden) inside the form is shown when that happened,
//                           data-draft-clear empties the form.
// Never kept: files, passwords, hidden fields. A form that came back with complaints is left as the server filled it.
// Sent is sent once another page answers: where the login had ended (data-drafts-wait) or the office could not answer, what was
// typed waits for the same person ([data-person]). form[data-drafts-end] (the login page that nobody was led to) throws
// every draft away, and a page of somebody else those of others: the next person at this counter sees none.
import { all, on, one } from './dom.js';

const PREFIX = 'draft:', SENT = 'draft-sent';
const person = one('[data-person]')?.dataset.person;
const keyOf = (form) => PREFIX + (person ?? '') + ':' + location.pathname + ':' + form.dataset.draft;
const forget = (which) => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX) && which(key)).forEach((key) => sessionStorage.removeItem(key));
const fields = (form) => [...form.elements].filter((field) => field.name && !/^(file|password|hidden|submit|button)$/.test(field.type));
const isTick = (field) => field.type === 'checkbox' || field.type === 'radio';

function save(form) {
  const typed = fields(form).map((field) => [field.name, isTick(field) ? [field.value, field.checked] : field.value]);
  sessionStorage.setItem(keyOf(form), JSON.stringify(typed));
}

function restore(form, within = form) {
  const saved = sessionStorage.getItem(keyOf(form));
  if (!saved || one('.error-summary, [aria-invalid=true]', form)) return;
  const present = fields(form).filter((field) => within.contains(field));
  JSON.parse(saved).forEach(([name, value]) => {
    if (Array.isArray(value)) {
      present.filter((field) => isTick(field) && field.name === name && field.value === value[0])
        .forEach((field) => { field.checked = value[1]; });
      return;
    }
    const field = present.find((each) => each.name === name && !isTick(each));
    if (field) field.value = value;
  });
  if (within === form) all('[data-draft-note]', form).forEach((note) => { note.hidden = false; });
}

on('input', 'form[data-draft]', (event, form) => save(form));
on('change', 'form[data-draft]', (event, form) => save(form));
on('came', 'form[data-draft] [data-comes-with]', (event, part) => restore(part.closest('form'), part));
on('submit', 'form[data-draft]', (event, form) => {
  if (event.defaultPrevented) return;
  save(form);
  sessionStorage.setItem(SENT, keyOf(form));
});
on('click', '[data-draft-clear]', (event, button) => {
  sessionStorage.removeItem(keyOf(button.form));
  location.reload();
});
if (one('form[data-drafts-end]')) forget(() => true);
if (person !== undefined) forget((key) => !key.startsWith(`${PREFIX}${person}:`));
const sent = sessionStorage.getItem(SENT);
sessionStorage.removeItem(SENT);
const forms = all('form[data-draft]');
// The very form again, and no page in between: nobody answered, or it came back with complaints.
if (sent && !one('[data-drafts-wait]') && !forms.some((form) => keyOf(form) === sent)) sessionStorage.removeItem(sent);
forms.forEach((form) => restore(form));
