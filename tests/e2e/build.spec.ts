/** Building on the canvas: LeNet-5 from nothing, with the mouse and with the keyboard alone. */
import type { Page } from '@playwright/test';
import { faults } from './faults.ts';
import { expect, statusInLog, test } from './lab.ts';

const card = (page: Page, id: string) => page.locator(`.svelte-flow__node[data-id="${id}"]`);
const cards = (page: Page) => page.locator('.svelte-flow__node-layer');
const said = (page: Page) => page.locator('[data-said]');
const status = (page: Page) => page.getByRole('main').locator('footer').first();
const undo = (page: Page) => page.getByRole('banner').getByRole('button', { name: /^Undo/ });
const redo = (page: Page) => page.getByRole('banner').getByRole('button', { name: /^Redo/ });

/**
 * Layers in order with what is set on each and what its card then says.
 * Counts after LeCun et al. 1998 as a network of dense connections: 156 + 2 416 + 48 120 + 10 164 + 850 = 61 706.
 */
const LENET: readonly {
  kind: string;
  search: string;
  id: string;
  set?: Readonly<Record<string, string>>;
  shape: string;
  parameters?: string;
}[] = [
  {
    kind: 'conv2d',
    search: 'convolution',
    id: 'conv2d',
    set: { Filters: '6', Kernel: '5', Padding: 'same size' },
    shape: '28 × 28 × 6',
    parameters: '156'
  },
  { kind: 'tanh', search: 'tanh', id: 'tanh', shape: '28 × 28 × 6' },
  { kind: 'average-pool', search: 'average pooling', id: 'average-pool', shape: '14 × 14 × 6' },
  {
    kind: 'conv2d',
    search: 'convolution',
    id: 'conv2d-2',
    set: { Filters: '16', Kernel: '5' },
    shape: '10 × 10 × 16',
    parameters: '2 416'
  },
  { kind: 'tanh', search: 'tanh', id: 'tanh-2', shape: '10 × 10 × 16' },
  { kind: 'average-pool', search: 'average pooling', id: 'average-pool-2', shape: '5 × 5 × 16' },
  { kind: 'flatten', search: 'flatten', id: 'flatten', shape: '400' },
  { kind: 'dense', search: 'dense', id: 'dense', set: { Units: '120' }, shape: '120', parameters: '48 120' },
  { kind: 'tanh', search: 'tanh', id: 'tanh-3', shape: '120' },
  { kind: 'dense', search: 'dense', id: 'dense-2', set: { Units: '84' }, shape: '84', parameters: '10 164' },
  { kind: 'tanh', search: 'tanh', id: 'tanh-4', shape: '84' },
  { kind: 'dense', search: 'dense', id: 'dense-3', set: { Units: '10' }, shape: '10', parameters: '850' }
];

async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill(name);
  await expect(page.getByRole('option').first()).toContainText(name);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
}

/** On a backend that is ready at once, whatever graphics the machine has. */
async function newDraft(page: Page): Promise<void> {
  await page.getByLabel('Backend').press('Enter');
  await page.keyboard.type('wasm');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Backend')).toHaveText(/wasm/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('1');
  await command(page, 'New draft');
  await expect(cards(page)).toHaveCount(1);
  await expect(page.getByText('Drag a layer here or press Enter in the palette')).toBeVisible();
}

/** A number may have its unit in the label. */
const setting = (page: Page, label: string) =>
  page.getByRole('complementary', { name: 'Inspector' }).getByLabel(new RegExp(`^${label}( px)?\\s*$`));

/** From the palette to a point of the page, as a hand does it. */
async function drag(page: Page, kind: string, to: { x: number; y: number }): Promise<void> {
  const item = (await page.locator(`[data-layer="${kind}"]`).boundingBox())!;
  await page.mouse.move(item.x + 40, item.y + item.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await page.mouse.up();
}

/** What its card and its wire say. */
async function expectCard(page: Page, { id, shape, parameters }: (typeof LENET)[number]): Promise<void> {
  await expect(card(page, id)).toHaveAttribute('aria-label', new RegExp(`gives ${shape}(,|$)`));
  if (parameters)
    await expect(card(page, id).getByText(`${parameters.replace(' ', '\u202f')} parameters`)).toBeVisible();
}

async function expectLeNet(page: Page): Promise<void> {
  await expect(cards(page)).toHaveCount(13);
  await expect(status(page)).toContainText('13 layers');
  await expect(status(page)).toContainText('61\u202f706 parameters');
  for (const layer of LENET) await expectCard(page, layer);
  for (const text of ['28 × 28 × 1', '14 × 14 × 6', '5 × 5 × 16', '400', '84'])
    await expect(page.locator('.svelte-flow__edge text').getByText(text, { exact: true }).first()).toBeVisible();
}

const completed = (page: Page) => statusInLog(page, 'completed').waitFor({ timeout: 120_000 });

test('LeNet-5 is built with the mouse, trained, undone to nothing and done again', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await newDraft(page);
  let last = 'input';
  for (const layer of LENET) {
    const box = (await card(page, last).boundingBox())!;
    // The first anywhere on the empty canvas, the others on the wire that leads to training.
    await drag(
      page,
      layer.kind,
      last === 'input' ? { x: 700, y: 640 } : { x: box.x + box.width / 2, y: box.y + box.height + 12 }
    );
    await expect(card(page, layer.id)).toBeVisible();
    for (const [label, value] of Object.entries(layer.set ?? {})) {
      const control = setting(page, label);
      if (label !== 'Padding') await control.fill(value);
      else {
        await control.click();
        await page.getByRole('option', { name: value }).click();
      }
    }
    last = layer.id;
  }
  await expectLeNet(page);

  await card(page, '@training').click();
  await setting(page, 'Epochs').fill('1');
  await page.getByRole('banner').getByRole('button', { name: 'Train', exact: true }).click();
  await completed(page);
  await page.getByRole('navigation').getByRole('button', { name: 'Build' }).click();
  await expectLeNet(page);

  while (await undo(page).isEnabled()) await undo(page).click();
  await expect(cards(page)).toHaveCount(1);
  await expect(page.getByText('Drag a layer here or press Enter in the palette')).toBeVisible();
  while (await redo(page).isEnabled()) await redo(page).click();
  await expectLeNet(page);
});

test('LeNet-5 is built by keyboard alone', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await newDraft(page);
  for (const layer of LENET) {
    await page.keyboard.press('/');
    await page.keyboard.press('Control+a');
    await page.keyboard.type(layer.search);
    await page.keyboard.press('Enter');
    await expect(said(page)).toContainText('added behind');
    await page.keyboard.press('Escape'); // empties the search
    await page.keyboard.press('Escape'); // to the canvas
    await expect(card(page, layer.id)).toBeFocused();
    if (!layer.set) continue;
    await page.keyboard.press('Enter'); // to the inspector
    for (const [label, value] of Object.entries(layer.set)) await setByKeys(page, label, value);
    await page.keyboard.press('Escape');
    await expect(card(page, layer.id)).toBeFocused();
  }
  await expectLeNet(page);

  await page.keyboard.press('ArrowDown');
  await expect(card(page, '@training')).toBeFocused();
  await page.keyboard.press('Enter');
  await setByKeys(page, 'Epochs', '1');
  await page.keyboard.press('Control+Enter');
  await completed(page);
  await page.keyboard.press('1');
  for (let i = 0; i < 40; i++) await page.keyboard.press('Control+z');
  await expect(cards(page)).toHaveCount(1);
  for (let i = 0; i < 40; i++) await page.keyboard.press('Control+Shift+z');
  await expectLeNet(page);
});

/** Tab to the setting, type or choose. */
async function setByKeys(page: Page, label: string, value: string): Promise<void> {
  const control = setting(page, label);
  for (let i = 0; i < 60 && !(await control.evaluate((element) => element === document.activeElement)); i++)
    await page.keyboard.press('Tab');
  await expect(control).toBeFocused();
  if (label !== 'Padding') {
    await page.keyboard.press('Control+a');
    await page.keyboard.type(value);
    return;
  }
  await page.keyboard.press('Enter');
  await page.keyboard.type(value);
  await page.keyboard.press('Enter');
}

for (const theme of ['light', 'dark'] as const)
  test.describe(theme, () => {
    test.use({ colorScheme: theme });
    test(`nothing serious stands in anyone’s way on the canvas: ${theme}`, async ({ page, lab }) => {
      expect(lab.url).not.toBe('');
      await page.keyboard.press('1');
      expect(await faults(page), 'a network').toEqual([]);
      await card(page, 'h2').click();
      expect(await faults(page), 'a chosen layer').toEqual([]);
      await page.keyboard.press('/');
      await page.keyboard.type('flatten');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await command(page, 'Add Convolution');
      await expect(page.getByRole('group', { name: 'Problem', exact: true })).toBeVisible();
      expect(await faults(page), 'a problem').toEqual([]);
    });
  });

test('every act on the canvas is one step back', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.keyboard.press('1');
  const count = (text: string) => expect(status(page)).toContainText(text);
  const back = async (text: string) => {
    await page.keyboard.press('Control+z');
    await count(text);
  };
  await card(page, 'h2').click();
  await card(page, 'a2').click({ modifiers: ['Shift'] });
  await card(page, 'h3').click({ modifiers: ['Control'] });
  await card(page, 'h3').click({ modifiers: ['Control'] }); // not this one after all
  await page.keyboard.press('Control+d');
  await count('13 layers');
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+v');
  await count('15 layers');
  await page.keyboard.press('Control+x');
  await count('13 layers');
  await back('15 layers');
  await back('13 layers');
  await back('11 layers');

  const before = (await card(page, 'h1').boundingBox())!;
  await card(page, 'h1').click();
  await page.mouse.move(before.x + 100, before.y + 16);
  await page.mouse.down();
  await page.mouse.move(before.x + 150, before.y + 56, { steps: 6 });
  await page.mouse.up();
  await expect.poll(async () => (await card(page, 'h1').boundingBox())!.x).toBeGreaterThan(before.x + 30);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await card(page, 'h1').boundingBox())!.x).toBeCloseTo(before.x, 0);

  await card(page, 'a1').click();
  await page.keyboard.press('Delete');
  await count('10 layers');
  await expect(card(page, 'h1')).toBeFocused();
  await page.keyboard.press('F2');
  await page.getByLabel('Id of the layer').fill('first');
  await page.keyboard.press('Enter');
  await expect(card(page, 'first')).toBeFocused();

  // A wire from the first to the third dense layer, by keyboard: it takes the place of the one there was.
  await page.keyboard.press('c');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(said(page)).toContainText('Wire from first to h3');
  await back('10 layers');
});

test('a mistake taken back brings the pictures of the layers back', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('1');
  /** The thread that draws them starts with the first. */
  const picture = page.getByRole('img', { name: 'First training example behind h2' });
  await expect(picture).toBeVisible();
  await card(page, 'flat').click();
  await page.keyboard.press('Delete');
  await expect(picture).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(picture).toBeVisible();
});

test('what stands before a broken layer keeps its picture, and gets another when it changes', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('1');
  const slow = { timeout: 30_000 };
  const behind = (id: string) => page.getByRole('img', { name: `First training example behind ${id}` });
  await expect(behind('h3')).toBeVisible(slow);
  const first = await behind('h1').getAttribute('src');
  await card(page, 'h2').click();
  await setting(page, 'Units').fill('0');
  await expect(behind('h2')).toBeHidden();
  await expect(behind('h3')).toBeHidden();
  await expect(behind('a1')).toBeVisible();
  expect(await behind('h1').getAttribute('src')).toBe(first);
  await card(page, 'h1').click();
  await setting(page, 'Units').fill('12');
  await expect(behind('h1')).not.toHaveAttribute('src', first!, slow);
  await expect(behind('h2')).toBeHidden();
});

test('Enter takes what was looked for, but not with Ctrl or while a word is composed', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await newDraft(page);
  const search = page.getByRole('searchbox', { name: 'Find a layer' });
  await search.fill('conv');
  await search.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true });
  await search.press('Control+Enter');
  await expect(cards(page)).toHaveCount(1);
  await search.press('Enter');
  await expect(cards(page)).toHaveCount(2);
});

test('from afar a card is its name, and can still be renamed and chosen', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('1');
  await card(page, 'h1').click();
  const facts = card(page, 'h1').getByText(/parameters/);
  await expect(facts).toBeVisible();
  for (let i = 0; i < 8; i++) await page.keyboard.press('-');
  await expect(facts).toHaveCount(0);
  await expect(card(page, 'h1').getByRole('heading', { name: 'Dense' })).toBeVisible();
  await card(page, 'a1').click();
  await expect(card(page, 'a1')).toHaveClass(/selected/);
  await page.keyboard.press('F2');
  await expect(card(page, 'a1').getByRole('textbox')).toBeFocused();
  await page.keyboard.press('Escape');
  for (let i = 0; i < 8; i++) await page.keyboard.press('+');
  await expect(facts).toBeVisible();
});
