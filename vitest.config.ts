import { availableParallelism } from 'node:os';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const page = 'tests/renderer/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: availableParallelism(),
    // Against hanging: on a busy machine everything takes long, and how fast it is stands in no test.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: { name: 'page', include: [page] }
      },
      { extends: true, test: { name: 'core', include: ['tests/**/*.test.ts'], exclude: [page] } }
    ]
  }
});
