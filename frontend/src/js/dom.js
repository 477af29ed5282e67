// Small helpers that every module uses.
export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Listens on the document for events inside elements that match, also those added later. */
export function on(type, selector, handler) {
  document.addEventListener(type, (event) => {
    const match = event.target.closest && event.target.closest(selector);
    if (match) handler(event, match);
  });
}

/** The sentences the server translated for us: <body data-texts='{"choose": …}'>. */
const texts = JSON.parse(document.body.dataset.texts || '{}');
export const text = (name, count) => (texts[name] || '').replace('{n}', count);

/** Posts to a URL as a form would, with the token against forgery. */
export function post(url, pairs = []) {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = url;
  const token = one('meta[name=csrf-token]').content;
  [['csrf_token', token], ...pairs].forEach(([name, value]) => form.append(hidden(name, value)));
  document.body.append(form);
  form.submit();
}

export function hidden(name, value) {
  const input = document.createElement('input');
  input.type = 'hidden';
  input.name = name;
  input.value = value;
  return input;
}
