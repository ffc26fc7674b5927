import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** The browser that `tests/run.mjs` found; the same places are tried when Playwright is run by hand. */
const chromium = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path)
);

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'tests/.results',
  // Draws the README's pictures; run by hand with PICTURES=1.
  testIgnore: process.env['PICTURES'] ? [] : ['**/pictures.spec.ts'],
  // Every test has a host, a database and a browser context of its own (lab.ts), so the order and the neighbours do not matter.
  fullyParallel: true,
  workers: 2,
  // Against a test that hangs: on a busy machine everything takes long, and how fast it is stands in no test.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: process.env['CI'] === 'true',
  reporter: [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu', // a software GPU draws pages at half as much again; gpu-page.ts has one
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  }
});
