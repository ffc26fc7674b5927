/** Right of the canvas: settings with their formulas, the data and training cards, the text; and the pictures on the layers. */
import type { Page } from '@playwright/test';
import { faults } from './faults.ts';
import { expect, test } from './lab.ts';

const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' });
const card = (page: Page, id: string) => page.locator(`.svelte-flow__node[data-id="${id}"]`);
const undo = (page: Page) => page.getByRole('button', { name: /^Undo/ }).first().click();

async function openPreset(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill(`preset ${name}`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('1');
  await expect(card(page, 'input')).toBeVisible();
}

const serious = (page: Page) => faults(page, '[data-inspector]');

test('a layer shows its settings, what it computes and what it starts from', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await openPreset(page, 'small-cnn');
  await card(page, 'c1').click();
  const side = inspector(page);
  await expect(side.getByText('(3·3·1 + 1)·16 = 160')).toBeVisible();
  await expect(side.getByText('⌊(28 + 2·1 − 3)/1⌋ + 1 = 28')).toBeVisible();
  await expect(side.locator('math').first()).toBeVisible();
  await expect(side.getByRole('img', { name: 'Histogram of 144 first weights' })).toBeVisible();

  await side.getByLabel('Filters', { exact: true }).fill('2');
  await expect(side.getByText('(3·3·1 + 1)·2 = 20')).toBeVisible();
  await side.getByLabel('Filters', { exact: true }).fill('0');
  await expect(side.getByRole('alert')).toContainText('between 1 and');
  await side.getByRole('button', { name: 'Reset Filters to its default' }).click();
  await expect(side.getByText('(3·3·1 + 1)·16 = 160')).toBeVisible();

  await side.getByLabel('Id', { exact: true }).fill('first');
  await page.keyboard.press('Enter');
  await expect(card(page, 'first')).toBeVisible();
  const picture = page.getByRole('img', { name: 'First training example behind first' });
  await expect(picture).toBeVisible();
  expect(await serious(page)).toEqual([]);
});

test('a dataset brings along what it needs, in one step', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await openPreset(page, 'small-cnn');
  await card(page, 'input').click();
  const side = inspector(page);
  await side.getByLabel('Dataset', { exact: true }).click();
  await page.getByRole('option', { name: 'Shapes' }).click();
  await expect(side.getByRole('status')).toContainText('out: 10 → 3 outputs');
  await side.getByLabel('Add an augmentation').click();
  await page.getByRole('option', { name: 'Shift' }).click();
  await expect(side.getByLabel('Pixels', { exact: true })).toHaveValue('2');
  await expect(page.getByRole('slider', { name: 'Where the training part ends' })).toHaveAttribute(
    'aria-valuenow',
    '90'
  );
  expect(await serious(page)).toEqual([]);
  await undo(page);
  await undo(page);
  await expect(side.getByLabel('Dataset', { exact: true })).toHaveText('Fashion-MNIST, small');
  await card(page, 'out').click();
  await expect(side.getByLabel('Units', { exact: true })).toHaveValue('10');
});

test('the training card has all that decides how is learned', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await openPreset(page, 'small-cnn');
  await page.locator('.svelte-flow__node[data-id="@training"]').click();
  const side = inspector(page);
  await side.getByRole('switch', { name: 'Stop early' }).check();
  await expect(side.getByLabel(/^Patience/)).toHaveValue('2');
  await side.getByRole('region', { name: 'Optimizer' }).getByLabel('Kind', { exact: true }).click();
  await page.getByRole('option', { name: /^Momentum/ }).click();
  await expect(side.getByLabel(/^Momentum/)).toHaveValue('0.9');
  await side.getByLabel('Clip by', { exact: true }).click();
  await page.getByRole('option', { name: 'norm' }).click();
  await expect(side.getByLabel('Limit', { exact: true })).toHaveValue('1');
  expect(await serious(page)).toEqual([]);
});

test('text and canvas say the same', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await openPreset(page, 'xor');
  await page.getByRole('radio', { name: 'Text' }).check();
  const line = (text: string) => page.locator('.cm-line', { hasText: text }).first();
  await line('"units": 4').click();
  const text = await line('"units": 4').innerText();
  await page.keyboard.press('Home');
  for (let i = 0; i < text.trimStart().indexOf('4'); i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Delete');
  await page.keyboard.type('7');
  await expect(card(page, 'h1')).toContainText('7');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Control+z');
  await expect(line('"units": 4')).toBeVisible();
  await page.keyboard.press('End');
  await page.keyboard.type(' what');
  await expect(page.getByText('Not on the canvas yet')).toBeVisible();
  await expect(card(page, 'h1')).toContainText('4');

  // An edit on the canvas replaces it, and loses nothing.
  const typed = page.locator('.cm-line', { hasText: ' what' });
  await card(page, 'h1').click();
  await page.keyboard.press('Delete');
  await expect(card(page, 'h1')).toHaveCount(0);
  await expect(typed).toHaveCount(0);
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(typed).toHaveCount(1);
  await expect(page.getByText('Not on the canvas yet')).toBeVisible();
  // Undo in the text leads to what was whole, and leaves the draft alone.
  await typed.click();
  await page.keyboard.press('Control+z');
  await expect(typed).toHaveCount(0);
  await expect(card(page, 'h1')).toHaveCount(0);
  await page.getByRole('radio', { name: 'Settings' }).check();
  await page.getByRole('radio', { name: 'Text' }).check();
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(typed).toHaveCount(1);
});
