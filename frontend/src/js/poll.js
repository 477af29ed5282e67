// [data-poll="seconds"] with an id: the page is asked for again every so often, and this part of it replaced where it has
//                       changed; 304 means it has not. Nothing is asked while the page is hidden or the part is in use.
// [data-print]          a button that prints;  [data-print-at-once data-then="url"]  on a screen wide enough to be a
//                       ticket machine the page prints itself, and makes room for the next person after a while.
import { all, on, one } from './dom.js';

const MACHINE = '(min-width: 700px)';
const SHOWN_FOR = 30000;
const tags = new Map();

async function renew(id) {
  const part = document.getElementById(id);
  if (document.hidden || !part || part.contains(document.activeElement)) return;
  const tag = tags.get(id);
  const answer = await fetch(location.pathname, { headers: tag ? { 'If-None-Match': tag } : {} });
  if (!answer.ok) return;
  tags.set(id, answer.headers.get('ETag'));
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(id);
  if (fresh && fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
}

all('[data-poll]').forEach(({ id, dataset }) => {
  setInterval(() => renew(id).catch(() => {}), dataset.poll * 1000); // without a network it tries again
});

on('click', '[data-print]', () => print());
const machine = one('[data-print-at-once]');
if (machine && matchMedia(MACHINE).matches) {
  addEventListener('load', () => print());
  setTimeout(() => location.assign(machine.dataset.then), SHOWN_FOR);
}
