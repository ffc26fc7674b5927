/**
 * Writes THIRD_PARTY_NOTICES.md: the licences of everything that ends up in the built program, taken from the installed packages.
 * Run it after a dependency has changed: `node resources/make-notices.mjs`.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
/** What the bundles contain; tools that only build or test are left out. */
const bundled = [
  '@codemirror/autocomplete',
  '@codemirror/commands',
  '@codemirror/lang-json',
  '@codemirror/language',
  '@codemirror/lint',
  '@codemirror/state',
  '@codemirror/view',
  '@dagrejs/dagre',
  '@internationalized/date',
  '@lezer/highlight',
  '@xyflow/svelte',
  'better-sqlite3',
  'birpc',
  'bits-ui',
  'commander',
  'csv-parse',
  'd3',
  'fast-png',
  'gpu.js',
  'jpeg-js',
  'mutative',
  'sirv',
  'svelte',
  'temml',
  'ws',
  'zod'
];

/** The package's folder as Node would find it from `from`. */
function locate(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return null;
  }
}

const found = new Map();
function visit(name, from) {
  const folder = locate(name, from);
  if (!folder) return;
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const key = `${manifest.name} ${manifest.version}`;
  if (found.has(key) || manifest.version.includes('stub')) return;
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  found.set(key, {
    license: manifest.license ?? 'see text',
    text: file ? readFileSync(join(folder, file), 'utf8').trim() : ''
  });
  for (const dependency of Object.keys(manifest.dependencies ?? {})) visit(dependency, folder);
}
for (const name of bundled) visit(name, root);

const byText = new Map();
for (const [key, { license, text }] of [...found].sort(([a], [b]) => a.localeCompare(b)))
  byText.set(text || license, [...(byText.get(text || license) ?? []), `${key} (${license})`]);
const sections = [...byText].map(([text, packages]) => `## ${packages.join(', ')}\n\n\`\`\`\n${text}\n\`\`\`\n`);
const head = `# Third-party notices

Caviar is MIT-licensed (LICENSE). It contains or ships the works below, under their own licences. The desktop app also ships Electron and
Chromium with the notices in their own files (\`LICENSE\`, \`LICENSES.chromium.html\`). The embedded images are a subset of Fashion-MNIST
(MIT, Zalando SE; resources/datasets).
`;
writeFileSync(join(root, 'THIRD_PARTY_NOTICES.md'), `${head}\n${sections.join('\n')}`);
process.stdout.write(`${found.size} packages\n`);
