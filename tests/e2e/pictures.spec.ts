/**
 * Draws the pictures of the README anew: `PICTURES=1 npx playwright test pictures -g README`. Real runs of the product, nothing staged but
 * the settings. And Build to be looked at, in both languages, themes and sizes: `… -g Build`, in tests/.results/build.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { scenes } from './build-scenes.ts';
import { expect, startButton, test, train } from './lab.ts';
import { smallPng } from './small-png.ts';

test.skip(process.env['PICTURES'] === undefined, 'only on demand');
test.use({ colorScheme: 'light' });
test.setTimeout(240_000);

const shoot = async (page: Page, name: string) => {
  await page.waitForTimeout(400);
  writeFileSync(`docs/images/${name}.png`, await smallPng(page, await page.screenshot()));
};

async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill(name);
  await page.keyboard.press('Enter');
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByLabel(label).click();
  await page.getByRole('option', { name: option }).first().click();
}

test('the pictures of the README', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.waitForTimeout(600);
  await shoot(page, 'first-start');
  await page.setViewportSize({ width: 1440, height: 900 });

  await train(page, {});
  await page.getByRole('button', { name: 'Close this hint' }).click();
  for (const [optimizer, rate] of [
    ['SGD', '0.01'],
    ['Momentum', '0.01'],
    ['RMSProp', '0.001'],
    ['AdaGrad', '0.01']
  ] as const) {
    await choose(page, 'Optimizer', optimizer);
    await train(page, { 'Learning rate': rate });
  }
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('4');
  const rows = page.getByRole('grid').getByRole('row');
  await rows.nth(1).click();
  await rows.nth(5).click({ modifiers: ['Shift'] });
  await page.mouse.move(1000, 20);
  await shoot(page, 'compare');

  await command(page, 'Use the preset fashion-5-layer');
  await command(page, 'Use the dataset Fashion-MNIST');
  await page.getByLabel('Epochs').fill('20');
  await startButton(page).click();
  await expect(page.getByText('Epoch 8', { exact: true })).toBeVisible({ timeout: 120_000 });
  await page.mouse.move(0, 0);
  await shoot(page, 'train-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot(page, 'train-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await command(page, 'Language: 日本語');
  const loss = (await page.getByRole('slider').first().boundingBox())!;
  await page.mouse.move(loss.x + 260, loss.y + 120);
  await shoot(page, 'train-ja');
});

const BUILD = 'tests/.results/build';
const sizes = [
  { width: 1280, height: 720 },
  { width: 1440, height: 900 }
];

test('Build in both languages, themes and sizes', async ({ page, lab }) => {
  test.setTimeout(600_000);
  expect(lab.url).not.toBe('');
  mkdirSync(BUILD, { recursive: true });
  await page.keyboard.press('1');
  for (const [language, name] of [
    ['en', 'English'],
    ['ja', '日本語']
  ] as const) {
    await command(page, name);
    for (const [scene, show] of Object.entries(scenes)) {
      await page.setViewportSize(sizes[0]!);
      await show(page);
      await page.mouse.move(0, 0);
      for (const colorScheme of ['light', 'dark'] as const)
        for (const size of sizes) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize(size);
          await page.waitForTimeout(600);
          await page.screenshot({ path: `${BUILD}/${scene}-${language}-${colorScheme}-${size.width}.png` });
        }
    }
    await page.locator('[data-inspector] header label').first().click();
  }
});
