import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

const at = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  // The Electron main process, the command line (which also serves browsers) and the training thread are entries of one ESM build.
  main: {
    build: {
      outDir: 'out/main',
      target: 'node22',
      // `dependencies` (better-sqlite3) stay imports; everything else is bundled.
      externalizeDeps: true,
      minify: false,
      rolldownOptions: {
        input: {
          electron: at('src-main/hosts/electron.ts'),
          cli: at('src-main/hosts/cli/cli.ts'),
          'node-worker': at('src-worker/node-worker.ts')
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' }
      }
    }
  },
  // A sandboxed preload script must be one CommonJS file that requires nothing but electron.
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('src-main/hosts/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false }
      }
    }
  },
  renderer: {
    root: at('src-renderer'),
    plugins: [svelte({ configFile: at('svelte.config.js') })],
    worker: {
      format: 'es',
      // gpu.js reads the source text of kernels; a minifier silently changes what they compute.
      rolldownOptions: { output: { minify: false, entryFileNames: 'assets/[name]-[hash].js' } }
    },
    server: {
      fs: { allow: [import.meta.dirname] },
      headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
    },
    build: {
      outDir: at('out/renderer'),
      target: 'chrome140',
      // The page runs no kernels: those are in the worker, as they were written.
      minify: true,
      rolldownOptions: { input: { index: at('src-renderer/index.html') } }
    }
  }
});
