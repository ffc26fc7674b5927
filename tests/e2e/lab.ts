/** A lab of its own for every test: the built browser host on a free port with an empty database. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type Page } from '@playwright/test';

export class Lab {
  url = '';
  readonly #folder = mkdtempSync(join(tmpdir(), 'caviar-e2e-'));
  #process: ChildProcess | null = null;

  /** On the port that it had before, so that an open page finds it again. */
  async start(): Promise<void> {
    const port = this.url ? new URL(this.url).port : '0';
    const args = ['out/main/cli.js', 'serve', '--port', port, '--db', this.database];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, CAVIAR_HOME: this.#folder },
      stdio: ['ignore', 'pipe', 'inherit']
    });
    this.#process = child;
    this.url = await new Promise((resolve, reject) => {
      let said = '';
      child.stdout!.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /http:\/\/\S+/.exec(said)?.[0];
        if (found) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`The host ended with ${code} before it served: ${said}`)));
    });
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  /** Gives it no time for anything. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    child!.kill('SIGKILL');
    await once(child!, 'exit');
  }

  get database(): string {
    return join(this.#folder, 'caviar.db');
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** `lab` is started and the page is open; anything the page complains of fails the test. */
export const test = base.extend<{ lab: Lab; complaints: string[] }>({
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await use(complaints);
  },
  lab: async ({ page, complaints }, use) => {
    const lab = new Lab();
    let heard: string[];
    try {
      await lab.start();
      await page.goto(lab.url);
      await startButton(page).waitFor(); // the last that comes: the place is a script of its own
      await use(lab);
    } finally {
      heard = [...complaints]; // the page also complains when its host is gone
      await lab.remove();
    }
    base.expect(heard).toEqual([]);
  }
});
export { expect } from '@playwright/test';

export const startButton = (page: Page) => page.getByRole('button', { name: /^(Start training|Start another run)$/ });
export const statusInLog = (page: Page, status: string) =>
  page.getByRole('complementary', { name: 'Events' }).getByText(status, { exact: true });

/** Sets the next run up and trains it to its end. */
export async function train(page: Page, settings: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(settings)) await page.getByLabel(label).fill(value);
  const before = await page.getByRole('heading', { level: 1 }).innerText();
  await startButton(page).click();
  await base.expect(page.getByRole('heading', { level: 1 })).not.toHaveText(before);
  await statusInLog(page, 'completed').waitFor({ timeout: 120_000 });
}

/** All that the picture of a run consists of: its numbers and the paths of its curves. */
export async function pictureOf(page: Page): Promise<{ numbers: string[]; paths: string[] }> {
  await page.mouse.move(0, 0);
  const numbers = await page.locator('dl dd').allTextContents();
  const paths = await page
    .locator('svg[data-chart] path[data-curve]')
    .evaluateAll((all) => all.map((path) => path.getAttribute('d') ?? ''));
  return { numbers, paths };
}
