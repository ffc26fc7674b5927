import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** What each room may import besides itself; everything else is an error. docs/architecture.md draws the same picture. */
const rooms = {
  'src-worker/contract': [],
  'src-worker/formula': ['src-worker/contract'],
  'src-worker/initializers': ['src-worker/contract', 'src-worker/data'],
  'src-worker/data': ['src-worker/contract'],
  'src-worker/layers': ['src-worker/contract', 'src-worker/formula', 'src-worker/initializers', 'src-worker/plan'],
  'src-worker/losses': ['src-worker/contract', 'src-worker/formula', 'src-worker/plan'],
  'src-worker/optimizers': ['src-worker/contract', 'src-worker/formula', 'src-worker/plan'],
  'src-worker/graph': ['contract', 'formula', 'layers', 'losses', 'optimizers', 'initializers', 'plan'].map(
    (r) => `src-worker/${r}`
  ),
  'src-worker/plan': ['contract', 'formula', 'layers', 'losses', 'optimizers', 'initializers', 'graph'].map(
    (r) => `src-worker/${r}`
  ),
  'src-worker/backends': ['contract', 'formula', 'plan', 'kernels'].map((r) => `src-worker/${r}`),
  'src-worker/train': ['contract', 'formula', 'data', 'graph', 'plan', 'initializers', 'backends'].map(
    (r) => `src-worker/${r}`
  ),
  'src-main': ['src-worker/contract', 'src-worker/graph', 'src-worker/data', 'src-worker/search'],
  'src-renderer': ['contract', 'graph', 'search', 'diagnose', 'web-worker.ts'].map((r) => `src-worker/${r}`)
};
const sources = ['src-main', 'src-renderer', 'src-worker'];
const zones = Object.entries(rooms).map(([room, allowed]) => ({
  target: `./${room}`,
  from: sources.map((source) => `./${source}`),
  except: undefined,
  room,
  allowed
}));

/** A room's rule as `no-restricted-paths` wants it: one zone per source folder, with the allowed rooms as exceptions. */
const restricted = zones.flatMap(({ room, allowed }) =>
  sources.map((source) => ({
    target: `./${room}`,
    from: `./${source}`,
    except: [room, ...allowed]
      .filter((path) => path === source || path.startsWith(`${source}/`))
      .map((path) => `.${path.slice(source.length)}` || '.'),
    message: `${room} may import ${['itself', ...allowed].join(', ')}.`
  }))
);

export default ts.config(
  {
    ignores: ['out/', 'dist/', 'tests/.results/', 'resources/npm-stubs/', '**/*.gen.ts', 'src-worker/kernels/assembly/']
  },
  js.configs.recommended,
  ts.configs.strict,
  svelte.configs.recommended,
  svelte.configs.prettier,
  {
    plugins: { 'import-x': importX },
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      'no-undef': 'off', // the type checker does this better
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: restricted }]
    },
    settings: {
      'import-x/resolver-next': [importX.createNodeResolver({ extensions: ['.ts', '.js', '.mjs', '.json', '.svelte'] })]
    }
  },
  {
    // The lab's mind knows neither clock nor chance nor host; only the two entries know their thread.
    files: ['src-worker/**/*.ts'],
    ignores: ['src-worker/web-worker.ts', 'src-worker/node-worker.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use a named stream of data/random.ts.' },
        { object: 'Date', property: 'now', message: 'Time comes in through the host.' },
        { object: 'performance', property: 'now', message: 'Time comes in through the host.' }
      ],
      'no-restricted-imports': ['error', { patterns: ['node:*', 'electron'] }]
    }
  },
  {
    files: ['src-main/**/*.ts'],
    ignores: ['src-main/hosts/electron.ts', 'src-main/hosts/preload.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: ['electron'] }] }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig } }
  }
);
