// The sprite of the icons in use: our name on the left, the name of the Tabler icon on the right.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ICONS = {
  add: 'plus',
  alert: 'alert-triangle',
  archive: 'archive',
  back: 'arrow-left',
  bell: 'speakerphone',
  book: 'book-2',
  briefcase: 'briefcase',
  building: 'building-community',
  calendar: 'calendar',
  certificate: 'certificate',
  chart: 'chart-bar',
  check: 'check',
  clipboard: 'clipboard-list',
  clock: 'clock',
  close: 'x',
  copy: 'copy',
  database: 'database',
  delivery: 'truck-delivery',
  desk: 'clipboard-check',
  dot: 'point',
  down: 'chevron-down',
  download: 'download',
  edit: 'edit',
  eye: 'eye',
  file: 'file-text',
  filter: 'filter',
  first: 'chevrons-left',
  flag: 'flag',
  font: 'text-size',
  help: 'help-circle',
  history: 'history',
  home: 'home',
  inbox: 'inbox',
  info: 'info-circle',
  language: 'language',
  last: 'chevrons-right',
  left: 'chevron-left',
  link: 'link',
  list: 'list-details',
  lock: 'lock',
  logout: 'logout',
  menu: 'menu-2',
  moon: 'moon',
  more: 'dots',
  pause: 'player-pause',
  pin: 'map-pin',
  print: 'printer',
  right: 'chevron-right',
  search: 'search',
  send: 'send',
  settings: 'settings',
  shield: 'shield-check',
  sort: 'selector',
  stamp: 'rubber-stamp',
  ticket: 'ticket',
  transfer: 'transfer',
  trash: 'trash',
  up: 'chevron-up',
  upload: 'upload',
  user: 'user',
  users: 'users',
};
const DRAWING = 'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';

function shapes(svg) {
  return svg
    .replace(/<!--[\s\S]*?-->/, '')
    .match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1]
    .replace(/<path stroke="none"[^>]*>/, '')
    .replace(/\s*\n\s*/g, '');
}

export function iconSprite(folder) {
  const symbols = Object.entries(ICONS).map(
    ([name, file]) => `<symbol id="${name}" ${DRAWING}>${shapes(readFileSync(join(folder, `${file}.svg`), 'utf8'))}</symbol>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg"><!-- Tabler Icons, MIT, (c) Paweł Kuna -->${symbols.join('')}</svg>\n`;
}
