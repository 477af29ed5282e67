// data-open="id"            opens the <dialog> of that id;  data-close  inside it closes it
// data-open-at-start        on a <dialog>: open when the page loads (its form came back with complaints)
// data-ask="sentence"       on a submit button or with data-post: asks before going on;  data-danger  in red
// data-post="url"           on a button: posts there, with the token against forgery
import { all, on, one, post } from './dom.js';

const dialog = one('#ask');

/** Asks and gives the answer; with `onlyTell` there is nothing to refuse. */
export function ask(sentence, { danger = false, onlyTell = false } = {}) {
  return new Promise((answer) => {
    one('p', dialog).textContent = sentence;
    one('[value=yes]', dialog).className = `btn ${danger ? 'btn-danger' : 'btn-primary'}`;
    one('[value=no]', dialog).hidden = onlyTell;
    dialog.returnValue = '';
    dialog.onclose = () => answer(dialog.returnValue === 'yes');
    dialog.showModal();
  });
}

const askOf = (button) => ask(button.dataset.ask, { danger: 'danger' in button.dataset });

on('click', '[data-open]', (event, button) => document.getElementById(button.dataset.open).showModal());
on('click', '[data-close]', (event, button) => button.closest('dialog').close());
on('click', '[data-post]', async (event, button) => {
  event.preventDefault();
  if (!button.dataset.ask || (await askOf(button))) post(button.dataset.post);
});
on('click', '[type=submit][data-ask]', async (event, button) => {
  if (button.dataset.confirmed) {
    delete button.dataset.confirmed;
    return;
  }
  event.preventDefault();
  if (!button.form.reportValidity() || !(await askOf(button))) return;
  button.dataset.confirmed = 'yes';
  button.click();
});
all('[data-open-at-start]').forEach((each) => each.showModal());
