import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const inWorker = (...rooms) => rooms.map((room) => `src-worker/${room}`);
const tables = inWorker('layers', 'losses', 'metrics', 'optimizers', 'schedules', 'initializers');

/** What each room may import besides itself; everything else is an error. docs/architecture.md draws the same picture. */
const rooms = {
  'src-worker/contract': [],
  'src-worker/formula': inWorker('contract'),
  'src-worker/data': inWorker('contract'),
  'src-worker/augment': inWorker('contract', 'data'),
  'src-worker/initializers': inWorker('contract', 'data'),
  'src-worker/layers': inWorker('contract', 'formula', 'initializers', 'plan'),
  'src-worker/losses': inWorker('contract', 'formula', 'plan'),
  'src-worker/metrics': inWorker('contract', 'plan'),
  'src-worker/optimizers': inWorker('contract', 'formula', 'plan'),
  'src-worker/schedules': inWorker('contract'),
  'src-worker/regularizers': inWorker('contract', 'formula', 'plan'),
  'src-worker/graph': [...inWorker('contract', 'formula', 'data', 'plan', 'augment'), ...tables],
  'src-worker/lint': [...inWorker('contract', 'data', 'plan', 'graph'), ...tables],
  'src-worker/report': inWorker('contract', 'plan', 'graph', 'lint'),
  'src-worker/health': inWorker('contract', 'graph', 'layers', 'optimizers'),
  'src-worker/plan': [...inWorker('contract', 'formula', 'graph', 'regularizers'), ...tables],
  'src-worker/kernels': [],
  'src-worker/backends': inWorker('contract', 'formula', 'data', 'augment', 'plan', 'kernels'),
  'src-worker/observe': inWorker('contract', 'data', 'plan', 'backends'),
  'src-worker/train': [
    ...inWorker('contract', 'formula', 'data', 'graph', 'plan', 'backends', 'observe', 'health', 'regularizers'),
    ...tables
  ],
  'src-worker/verify': [
    ...inWorker('contract', 'formula', 'data', 'graph', 'plan', 'backends', 'train', 'regularizers'),
    ...tables
  ],
  'src-worker/tasks': [
    ...inWorker('contract', 'formula', 'data', 'graph', 'plan', 'backends', 'kernels', 'observe', 'train', 'verify'),
    ...tables
  ],
  'src-main': inWorker('contract', 'graph', 'lint', 'report', 'health', 'data'),
  'src-renderer': inWorker('contract', 'graph', 'report', 'health')
};

/** The rules as `no-restricted-paths` wants them: for each room and source folder, what is excepted from the ban. */
const zones = Object.entries(rooms).flatMap(([room, others]) =>
  ['src-main', 'src-renderer', 'src-worker'].map((source) => ({
    target: `./${room}`,
    from: `./${source}`,
    except: [room, ...others]
      .filter((path) => `${path}/`.startsWith(`${source}/`))
      .map((path) => `.${path.slice(source.length)}`),
    message: `${room} may import ${['itself', ...others].join(', ')}.`
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
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }]
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
