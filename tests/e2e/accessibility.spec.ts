import { faults } from './faults.ts';
import { expect, test, train } from './lab.ts';

for (const theme of ['light', 'dark'] as const)
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    test(`nothing serious stands in anyone’s way: ${theme}`, async ({ page, lab }) => {
      expect(lab.url).not.toBe('');
      expect(await faults(page), 'first start').toEqual([]);
      await train(page, { Epochs: '2' });
      expect(await faults(page), 'a run').toEqual([]);
      await page.getByLabel('Learning rate').fill('x');
      await page.getByRole('button', { name: 'table' }).click();
      expect(await faults(page), 'a problem and a table').toEqual([]);
      await page.getByRole('heading', { level: 1 }).click();
      for (const [key, place] of Object.entries({ 1: 'build', 3: 'search', 4: 'compare', 5: 'learn' })) {
        await page.keyboard.press(key);
        expect(await faults(page), place).toEqual([]);
      }
      await page.keyboard.press('4');
      await page.getByRole('row', { name: /fashion-5-layer/ }).click();
      expect(await faults(page), 'a chosen run').toEqual([]);
      await page.keyboard.press('Control+k');
      expect(await faults(page), 'commands').toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Settings' }).click();
      expect(await faults(page), 'settings').toEqual([]);
    });
  });

test('nothing serious stands in the way in what belongs to drafts', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('1');
  await page.keyboard.press('F2');
  await page.keyboard.type('a name');
  expect(await faults(page), 'renaming').toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Draft', exact: true }).click();
  expect(await faults(page), 'menu').toEqual([]);
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await expect(page.getByText('“a name” is in the trash.')).toBeVisible();
  expect(await faults(page), 'notice').toEqual([]);
  for (const [item, what] of [
    ['Open…', 'Find a draft, preset or run'],
    ['Save as…', 'Name'],
    ['Trash', 'Restore a name']
  ] as const) {
    await page.getByRole('button', { name: 'Draft', exact: true }).click();
    await page.getByRole('menuitem', { name: item, exact: item === 'Trash' }).click();
    await expect(page.getByPlaceholder(what).or(page.getByLabel(what))).toBeVisible();
    expect(await faults(page), item).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});
