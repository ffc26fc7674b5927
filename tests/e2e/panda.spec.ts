import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import { faults } from './faults.ts';
import { expect, startButton, statusInLog, test, type Lab } from './lab.ts';

interface Shown {
  readonly status: string;
  readonly epochs: readonly { readonly epoch: number }[];
  readonly acts: readonly { readonly type: string; readonly [part: string]: unknown }[];
  readonly parent: { readonly run: number; readonly checkpoint: number | null } | null;
}

/** A run as the command line reads it off the database. */
const shown = (lab: Lab, id: number): Shown =>
  JSON.parse(
    execFileSync(process.execPath, ['out/main/cli.js', 'show', String(id), '--json', '--db', lab.database], {
      encoding: 'utf8'
    })
  ) as Shown;

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const rate = (page: Page) => page.getByRole('textbox', { name: /^Learning rate/ });
const events = (page: Page) => page.getByRole('complementary', { name: 'Events' });
const stepNow = async (page: Page) =>
  Number(
    (
      await events(page)
        .getByText(/^step /)
        .first()
        .innerText()
    ).replace(/\D/g, '')
  );

test('a run is changed, stepped, taken back and forked', async ({ page, lab }) => {
  await page.getByLabel('Epochs').fill('2000');
  await startButton(page).click();
  await expect(events(page).getByText('Epoch 1', { exact: true })).toBeVisible();

  await rate(page).fill('-1');
  await rate(page).press('Enter');
  await expect(page.getByRole('alert')).toContainText('Learning rate must be more than 0');
  await rate(page).fill('5e-4');
  await rate(page).press('Enter');
  await expect(events(page).getByText(/^Learning rate: 0\.001 → 5e-4/)).toBeVisible();
  await expect(page.getByRole('button', { name: /Learning rate: 0\.001 → 5e-4/ }).first()).toBeVisible();

  await button(page, 'Pause').click();
  await expect(statusInLog(page, 'Paused')).toBeVisible();
  const before = await stepNow(page);
  await button(page, 'Step').click();
  await expect.poll(() => stepNow(page)).toBe(before + 1);

  await button(page, 'Checkpoint').click();
  await expect(events(page).getByText(/^Number \d+, at step/)).toBeVisible();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('m');
  await page.getByLabel('What do you see?').fill('It learns too slowly');
  await page.keyboard.press('Enter');
  await expect(events(page).getByText('It learns too slowly')).toBeVisible();
  expect(await faults(page), 'a run that waits').toEqual([]);

  await button(page, 'Epoch').click();
  await expect.poll(() => stepNow(page)).toBeGreaterThan(before + 1);
  await button(page, 'Back to …').click();
  expect(await faults(page), 'checkpoints').toEqual([]);
  const kept = page.getByRole('row').filter({ hasText: 'by hand' });
  await kept.getByRole('button', { name: /^Go back to checkpoint/ }).click();
  await expect(events(page).getByText('Back to a checkpoint')).toBeVisible();
  await expect(page.locator('svg[data-chart=Loss] path[data-curve=left-0]')).toHaveAttribute('d', /L/);

  await page.keyboard.press('f');
  await page.getByPlaceholder('Which setting?').fill('batch');
  await page.keyboard.press('Enter');
  await page
    .getByRole('dialog')
    .getByRole('textbox', { name: /^Batch size/ })
    .fill('64');
  await expect(page.getByRole('list', { name: 'What differs' }).getByRole('listitem')).toHaveText([
    'Batch size 128 → 64'
  ]);
  expect(await faults(page), 'a fork').toEqual([]);
  await button(page, 'Start the fork').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('run 2');
  await expect(events(page).getByText('Epoch 1', { exact: true })).toBeVisible();
  const { acts } = shown(lab, 1);
  expect(acts.map(({ type }) => type)).toEqual(['change', 'checkpoint', 'note', 'back']);
  expect(acts[0]).toMatchObject({ path: 'training.optimizer.learningRate', from: 0.001, to: 5e-4 });
  expect(shown(lab, 2).parent).toEqual({ run: 1, checkpoint: null });
  await page.keyboard.press('s');
  await expect(statusInLog(page, 'stopped')).toBeVisible();
});

test('a run whose tab was killed is taken up by another page and completes', async ({ page, lab, context }) => {
  await page.getByLabel('Epochs').fill('40');
  await startButton(page).click();
  await expect(events(page).getByText('Epoch 2', { exact: true })).toBeVisible();
  await button(page, 'Checkpoint').click();
  await expect(events(page).getByText(/^Number \d+, at step/)).toBeVisible();
  const cdp = await context.newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  void cdp.send('Page.crash').catch(() => undefined); // nobody is left to answer
  await crashed;
  const again = await context.newPage();
  await again.goto(lab.url);
  await again.getByRole('navigation').waitFor();
  await expect(button(again, 'Go on')).toBeVisible();
  expect(await faults(again), 'a run that lost its page').toEqual([]);
  await button(again, 'Go on').click();
  await expect(events(again).getByText('Goes on')).toBeVisible();
  await expect(statusInLog(again, 'completed')).toBeVisible({ timeout: 60_000 });
  await expect(button(again, 'Go on')).toHaveAttribute('title', /^This run is complete/);
  const { epochs, status } = shown(lab, 1);
  expect([status, epochs.map(({ epoch }) => epoch)]).toEqual([
    'completed',
    Array.from({ length: 40 }, (_, n) => n + 1)
  ]);

  const left = again.locator('svg[data-chart=Loss] path[data-curve=train]');
  const live = await left.getAttribute('d');
  await again.reload();
  await expect(left).toHaveAttribute('d', live!);
  await expect(again.getByRole('button', { name: /^Goes on: Behind step/ }).first()).toBeVisible();
});
