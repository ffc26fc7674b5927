/** The desktop host in Electron itself, where its binary is; elsewhere tests/main/hosts/electron.test.ts drives it on a stand-in. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron, expect, test, type ElectronApplication, type Page } from '@playwright/test';

const root = join(import.meta.dirname, '../..');
// Not by loading the electron package: that would start a download.
const isInstalled = ['path.txt', 'dist/version'].every((file) => existsSync(join(root, 'node_modules/electron', file)));
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
test.skip(!isInstalled, 'Electron’s binary is not here; npx install-electron fetches it.');
test.skip(isRoot, 'Electron’s sandbox does not work for the root user.');

let home: string;
let app: ElectronApplication;
let page: Page;

async function launch(): Promise<void> {
  const env = { ...process.env, CAVIAR_HOME: home, CAVIAR_DB: '' } as Record<string, string>;
  app = await electron.launch({ args: [root, `--user-data-dir=${join(home, 'electron')}`], env });
  page = await app.firstWindow();
  await page.waitForLoadState();
}

test.beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'caviar-electron-'));
  await launch();
});
test.afterEach(async () => {
  await app.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

test('the desktop page is isolated, sandboxed and has one bridge', async () => {
  await expect(page).toHaveTitle(/Caviar/);
  expect(page.url()).toBe('app://caviar/');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const leaked = await page.evaluate(() => ['require', 'process', 'module', 'Buffer'].filter((name) => name in window));
  expect(leaked).toEqual([]);
  expect(await page.evaluate(() => 'caviarBridge' in window)).toBe(true);
});

test('the desktop page gets datasets and nothing from elsewhere', async () => {
  const bytes = await page.evaluate(async () => {
    const buffer = await (await fetch('/datasets/spiral')).arrayBuffer();
    return String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  });
  expect(bytes).toBe('CAVR');
  const status = await page.evaluate(async () => (await fetch('/..%2fmain%2felectron.js')).status);
  expect(status).toBe(403);
  const outcome = (url: string) => page.evaluate((to) => fetch(to).then(String, () => 'refused'), url);
  expect(await outcome('https://example.org/')).toBe('refused');
  expect(await outcome('file:///etc/hostname')).toBe('refused');
});

test('the desktop window cannot be led away', async () => {
  expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull();
  await page.evaluate(() => void (location.href = 'https://example.org/'));
  await page.waitForTimeout(300);
  expect(page.url()).toBe('app://caviar/');
  expect(app.windows()).toHaveLength(1);
});

test('the desktop app keeps its database where the other hosts look for it', async () => {
  await expect.poll(() => existsSync(join(home, 'caviar.db'))).toBe(true);
});

test('the desktop window asks before it is closed while a run trains', async () => {
  await app.evaluate(({ dialog }) => {
    const asked = globalThis as unknown as { answer: number; questions: number };
    Object.assign(asked, { answer: 0, questions: 0 });
    dialog.showMessageBoxSync = () => ((asked.questions += 1), asked.answer);
  });
  const questions = () => app.evaluate(() => (globalThis as unknown as { questions: number }).questions);
  const close = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
  await page.getByLabel('Epochs').fill('2000');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await close();
  await expect.poll(questions).toBe(1);
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await app.evaluate(() => ((globalThis as unknown as { answer: number }).answer = 1));
  const closed = page.waitForEvent('close');
  await close();
  await closed;
});
