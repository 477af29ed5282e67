// [data-comes-with="name"]  a part of a form that hangs on the field of that name: when another value is chosen, the page
//                           is asked for it (?name=value) and its part takes the place of this one; nothing else moves.
import { all, on } from './dom.js';

async function come(part, field) {
  const wanted = field.value;
  const answer = await fetch(`${location.pathname}?${new URLSearchParams({ [field.name]: wanted })}`);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.getElementById(part.id);
  // Another value was chosen meanwhile: its part is on the way.
  if (!fresh || field.value !== wanted || !part.isConnected) return;
  const typed = new Map(all('[name]', part).map((each) => [each.name, each]));
  all('[name]', fresh).forEach((each) => {
    const before = typed.get(each.name);
    if (before && before.type === each.type) [each.value, each.checked] = [before.value, before.checked];
  });
  part.replaceWith(fresh);
  fresh.dispatchEvent(new Event('came', { bubbles: true }));
}

on('change', 'form [name]', (event, field) => {
  all('[data-comes-with]', field.form).filter((part) => part.dataset.comesWith === field.name)
    .forEach((part) => come(part, field));
});

// A draft was put back, or the browser kept a value: the part the server made belongs to another one.
all('[data-comes-with]').forEach((part) => {
  const field = part.closest('form').elements.namedItem(part.dataset.comesWith);
  if (field && field.value && field.value !== field.defaultValue) come(part, field);
});
