/**
 * A page of a real Chromium whose workers run the GPU backends, on software adapters: right or wrong, not fast or slow.
 *
 * The worker is bundled here as the product's is, without minification, and served from memory: this needs neither the app nor a host.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, test } from '@playwright/test';
import { build, type Rolldown } from 'vite';
import type { Request } from './gpu-worker.ts';

/** Any secure origin: every request to it is answered from memory. */
const ORIGIN = 'http://localhost:9/';
export const goldenFolder = join(import.meta.dirname, '../golden/data');

/** Chromium's switches: a GPU in software; without the last it offers no WebGPU adapter where there is only SwiftShader. */
export const withWebGpu: Parameters<typeof test.use>[0] = {
  launchOptions: async ({ launchOptions }, use) => {
    const args = (launchOptions.args ?? []).filter((arg) => arg !== '--disable-gpu');
    args.push('--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--enable-unsafe-webgpu');
    await use({ ...launchOptions, args });
  }
};

let scripts: Promise<Map<string, string>> | null = null;

async function bundle(): Promise<Map<string, string>> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      minify: false,
      target: 'chrome140',
      rolldownOptions: { input: 'tests/e2e/gpu-worker.ts', output: { format: 'es', entryFileNames: 'gpu-worker.js' } }
    }
  })) as Rolldown.RolldownOutput;
  return new Map(output.flatMap((file) => (file.type === 'chunk' ? [[`/${file.fileName}`, file.code] as const] : [])));
}

/** Before anything is asked of a page. */
export async function openGpuPage(page: Page): Promise<void> {
  const known = await (scripts ??= bundle());
  await page.context().route(`${ORIGIN}**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith('/golden/'))
      return route.fulfill({ contentType: 'application/json', body: goldenText(pathname.slice('/golden/'.length)) });
    const body = known.get(pathname);
    return route.fulfill(
      body ? { contentType: 'text/javascript', body } : { contentType: 'text/html', body: '<!doctype html>' }
    );
  });
  await page.goto(ORIGIN);
}

/** A golden file, or, without a name, the list of them. */
function goldenText(name: string): string {
  if (name !== '') return readFileSync(join(goldenFolder, name), 'utf8');
  return JSON.stringify(readdirSync(goldenFolder).filter((file) => file.endsWith('.json') && file !== 'index.json'));
}

/** Has one worker do one thing. */
export function ask<T>(page: Page, request: Request): Promise<T> {
  return page.evaluate(
    (message) =>
      new Promise<T>((resolve, reject) => {
        const worker = new Worker('/gpu-worker.js', { type: 'module' });
        worker.onerror = ({ message: why }) => reject(new Error(why));
        worker.onmessage = ({ data }) => {
          worker.terminate();
          if ('error' in data) reject(new Error(`${data.error.code}: ${data.error.message}`));
          else resolve(data.result);
        };
        worker.postMessage(message);
      }),
    request
  );
}
