// Bundles src/ into app/static/dist: one file of each kind named by its digest, its gzip and brotli beside it,
// the manifest that app/web/assets.py reads, the digests of the sources, and the licences of what is inside.
// `node build.mjs [folder]` builds into another folder: the test that compares a fresh build uses it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { iconSprite } from './src/icons.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const dist = resolve(process.argv[2] || join(here, '../app/static/dist'));
const bundling = { bundle: true, minify: true, write: false, target: ['chrome80'], legalComments: 'none', logLevel: 'warning' };
const bundle = (entry) => buildSync({ ...bundling, entryPoints: [join(here, 'src', entry)] }).outputFiles[0].contents;

const licensed = ['bootstrap', '@popperjs/core', 'tom-select', '@orchidjs/sifter', '@orchidjs/unicode-variants', '@tabler/icons'];
function licences() {
  return licensed.map((name) => {
    const folder = join(here, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = ['LICENSE', 'LICENSE.md'].map((each) => join(folder, each)).find(existsSync);
    return `${name} ${version} (${license})\n\n${file ? readFileSync(file, 'utf8').trim() : 'See the licence named above.'}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

// What sha256sum would say of the sources: a test without node sees whether a build was forgotten.
function sources() {
  const inside = (path) => (statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => inside(join(path, name))) : [path]);
  const paths = ['build.mjs', 'package.json', 'package-lock.json', 'src'].flatMap((name) => inside(join(here, name)));
  return paths.map((path) => `${sha256(readFileSync(path))}  ${relative(here, path)}\n`).sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join('');
}

const files = {
  'app.css': bundle('app.css'),
  'app.js': bundle('app.js'),
  'favicon.svg': readFileSync(join(here, 'src/favicon.svg')),
  'icons.svg': Buffer.from(iconSprite(join(here, 'node_modules/@tabler/icons/icons/outline'))),
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const manifest = {};
for (const [file, bytes] of Object.entries(files)) {
  const digest = sha256(bytes).slice(0, 12);
  const name = `${file.slice(0, -extname(file).length)}.${digest}${extname(file)}`;
  manifest[file] = name;
  writeFileSync(join(dist, name), bytes);
  writeFileSync(join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  writeFileSync(join(dist, `${name}.br`), brotliCompressSync(bytes));
}
writeFileSync(join(dist, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
writeFileSync(join(dist, 'LICENSES.txt'), licences());
writeFileSync(join(dist, 'SOURCES.txt'), sources());
