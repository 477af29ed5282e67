// The filter above a generated list (appbuilder/general/widgets/search.html):
// select[data-operator="field id"][data-column]   the chosen comparison is part of the field's name: _flt_<n>_<column>
// form[data-filter]                               empty fields are not sent;  data-filter-more  shows all the fields
import { all, on } from './dom.js';

on('change', 'select[data-operator]', (event, select) => {
  document.getElementById(select.dataset.operator).name = `_flt_${select.value}_${select.dataset.column}`;
});
on('submit', 'form[data-filter]', (event, form) => {
  all('[name^=_flt_]', form).filter((field) => !field.value).forEach((field) => { field.disabled = true; });
});
addEventListener('pageshow', () => all('form[data-filter] [name^=_flt_]').forEach((field) => { field.disabled = false; }));
on('click', '[data-filter-more]', (event, button) => {
  button.setAttribute('aria-expanded', button.closest('form').classList.toggle('all-fields'));
});
