import { expect, startButton, test, train } from './lab.ts';

test('two runs are compared: what differs, and their curves', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('4');
  await expect(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Train the first one' }).click();
  await train(page, { Epochs: '2' });
  await train(page, { 'Learning rate': '1e-2' });
  await page.getByRole('button', { name: 'Compare both' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('2 runs chosen');
  const differs = page.getByRole('region', { name: 'What differs' }).getByRole('row');
  await expect(differs.nth(1)).toHaveText(/Learning rate\s*0\.01\s*0\.001/);
  await expect(differs).toHaveCount(4);
  await expect(page.locator('svg[data-chart="Dev accuracy by epoch"] path[data-curve]')).toHaveCount(2);
  await page.getByRole('columnheader', { name: 'α' }).getByRole('button').click();
  await expect(page.getByRole('columnheader', { name: 'α' })).toHaveAttribute('aria-sort', 'descending');
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toContainText('0.01');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('2 runs chosen');
});

test('everything is done by keyboard alone', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('What do you want to do?').fill('preset xor');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('xor');
  await page.getByLabel('Learning rate').focus();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByLabel('Learning rate')).toHaveValue('0.3');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('completed', { exact: true })).toBeVisible({ timeout: 120_000 });
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('run 2');
  await expect(page.getByText('completed', { exact: true })).toBeVisible({ timeout: 120_000 });
  await page.keyboard.press('4');
  const rows = page.getByRole('grid').getByRole('row');
  await rows.nth(1).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('2 runs chosen');
  await expect(rows.nth(2)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('run 1');
});

test('language and theme change at once and are kept', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.getByRole('radio', { name: '日本語' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  await expect(page.getByRole('heading', { name: '最初のネットワークを学習させる' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.getByRole('button', { name: '学習を開始' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('a lab that goes away is waited for, and found again', async ({ page, lab, complaints }) => {
  await lab.stop();
  await expect(page.getByText('The lab does not answer. Trying to reach it again.')).toBeVisible();
  await expect(startButton(page)).toBeDisabled();
  await lab.start();
  await expect(page.getByText('The lab does not answer.')).toBeHidden();
  await expect(startButton(page)).toBeEnabled();
  complaints.length = 0; // the browser names every connection that was refused
});
