import { existsSync, mkdtempSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

/** The browser that `tests/run.mjs` found; the same places are tried when Playwright is run by hand. */
const chromium = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path)
);
/** Found once and handed down to the worker processes, which read this file again. */
const port = (process.env['CAVIAR_E2E_PORT'] ??= String(await freePort()));
const folder = mkdtempSync(join(tmpdir(), 'caviar-e2e-'));

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'tests/.results',
  // Draws the README's pictures; run by hand with PICTURES=1.
  testIgnore: process.env['PICTURES'] ? [] : ['**/pictures.spec.ts'],
  workers: 1,
  timeout: 60_000,
  forbidOnly: process.env['CI'] === 'true',
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        '--no-sandbox',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  },
  webServer: {
    command: `"${process.execPath}" out/main/cli.js serve --port ${port} --db ${join(folder, 'caviar.db')}`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
    env: { CAVIAR_HOME: folder }
  }
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
