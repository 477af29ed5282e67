// Large selects get a search box. Flask-AppBuilder's own classes are the hook:
// select.my_select2 · input.my_select2_ajax[endpoint] · input.my_select2_ajax_slave[endpoint][master_id]
// A select with few choices needs none: give it only the class form-control.
import TomSelect from 'tom-select/dist/esm/tom-select.js';
import clearButton from 'tom-select/dist/esm/plugins/clear_button/plugin.js';
import removeButton from 'tom-select/dist/esm/plugins/remove_button/plugin.js';
import { all, text } from './dom.js';

TomSelect.define('clear_button', clearButton);
TomSelect.define('remove_button', removeButton);

const MOST_OPTIONS = 200;

function noResults() {
  const box = document.createElement('div');
  box.className = 'no-results';
  box.textContent = text('noResults');
  return box;
}
// Without the throttle of 300 ms: whoever types fast and presses Enter would get the row that stood first before.
const common = { refreshThrottle: 0, render: { no_results: noResults }, maxOptions: MOST_OPTIONS, selectOnTab: true, placeholder: text('choose') };

function enhanceSelect(select) {
  // tom-select moves the <label> to its own input and leaves the select without a name.
  if (select.labels[0]) select.setAttribute('aria-label', select.labels[0].textContent.trim());
  const plugins = select.multiple ? ['remove_button'] : select.required ? [] : ['clear_button'];
  const control = new TomSelect(select, { ...common, plugins });
  if (select.getAttribute('aria-invalid') === 'true') {
    control.wrapper.classList.add('refused');
    control.control_input.setAttribute('aria-invalid', 'true');
  }
  const clear = control.wrapper.querySelector('.clear-button');
  if (clear) {
    clear.title = text('clear');
    clear.setAttribute('aria-label', text('clear'));
  }
}

function enhanceSearch(input) {
  const master = document.getElementById(input.getAttribute('master_id'));
  const address = (words) => `${input.getAttribute('endpoint').replace('{{ID}}', master ? master.value : '')}?q=${encodeURIComponent(words)}`;
  const control = new TomSelect(input, {
    ...common,
    maxItems: 1,
    valueField: 'id',
    labelField: 'text',
    searchField: 'text',
    // The server sorted them; whatever matches stands in that order.
    score: (words) => ({ text: name }) => (name.toLowerCase().includes(words.toLowerCase()) ? 1 : 0),
    preload: input.value ? true : 'focus',
    load(words, done) {
      fetch(address(words)).then((answer) => answer.json()).then((rows) => {
        // The value the page came with is known by its key only, until its row arrives.
        rows.filter((row) => control.options[row.id]).forEach((row) => control.updateOption(row.id, row));
        done(rows);
      }, () => done());
    },
  });
  if (master) {
    master.addEventListener('change', () => {
      control.clear();
      control.clearOptions();
      control.load('');
    });
  }
}

all('select.my_select2').forEach(enhanceSelect);
all('input.my_select2_ajax, input.my_select2_ajax_slave').forEach(enhanceSearch);
