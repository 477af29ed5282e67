// Lists whose rows can be ticked, inside  data-batch-list :
// data-batch-all, data-batch-row (value = key)   the check boxes;  data-batch-count  says how many are ticked
// data-batch="action" data-batch-url="url"       posts the action with the ticked rows (data-ask, data-danger)
// data-batch-open="dialog id"                    opens a dialog whose form gets the ticked rows as `rowid`
import { all, hidden, on, one, post, text } from './dom.js';
import { ask } from './dialogs.js';

const boxes = (list) => all('[data-batch-row]', list);
const ticked = (button) => boxes(button.closest('[data-batch-list]')).filter((box) => box.checked).map((box) => box.value);
const tellNothingTicked = () => ask(text('nothingTicked'), { onlyTell: true });

function refresh(list) {
  const rows = boxes(list);
  const count = rows.filter((box) => box.checked).length;
  const every = one('[data-batch-all]', list);
  if (every) {
    every.checked = count > 0 && count === rows.length;
    every.indeterminate = count > 0 && count < rows.length;
  }
  rows.forEach((box) => box.closest('tr').classList.toggle('ticked', box.checked));
  all('[data-batch-count]', list).forEach((label) => { label.textContent = count ? text('ticked', count) : ''; });
}

on('change', '[data-batch-all], [data-batch-row]', (event, box) => {
  const list = box.closest('[data-batch-list]');
  if ('batchAll' in box.dataset) boxes(list).forEach((each) => { each.checked = box.checked; });
  refresh(list);
});
on('click', '[data-batch]', async (event, button) => {
  event.preventDefault();
  const keys = ticked(button);
  if (!keys.length) return tellNothingTicked();
  const { ask: question, batch: action, batchUrl: url } = button.dataset;
  const sentence = `${question} (${text('ticked', keys.length)})`;
  if (question && !(await ask(sentence, { danger: 'danger' in button.dataset }))) return;
  post(url, [['action', action], ...keys.map((key) => ['rowid', key])]);
});
on('click', '[data-batch-open]', (event, button) => {
  const keys = ticked(button);
  if (!keys.length) return tellNothingTicked();
  const dialog = document.getElementById(button.dataset.batchOpen);
  all('input[type=hidden][name=rowid]', dialog).forEach((input) => input.remove());
  keys.forEach((key) => one('form', dialog).append(hidden('rowid', key)));
  all('[data-batch-count]', dialog).forEach((label) => { label.textContent = text('ticked', keys.length); });
  dialog.showModal();
});
// The browser restores ticks when one comes back to a page.
addEventListener('pageshow', () => all('[data-batch-list]').forEach(refresh));
