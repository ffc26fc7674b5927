/** Wires on the canvas, by mouse and by keyboard: drawn, taken elsewhere, let go, chosen and deleted, and a layer dropped on one. */
import type { Page } from '@playwright/test';
import { expect, test } from './lab.ts';

test.use({ viewport: { width: 1440, height: 900 } });

const card = (page: Page, id: string) => page.locator(`.svelte-flow__node[data-id="${id}"]`);
const wire = (page: Page, from: string, to: string) => page.locator(`.svelte-flow__edge[data-id="${from}→${to}"]`);
const said = (page: Page) => page.locator('[data-said]');

interface Point {
  x: number;
  y: number;
}
/** Middle of an edge of the card. */
async function edgeOf(page: Page, id: string, which: 'top' | 'bottom'): Promise<Point> {
  const { x, y, width, height } = (await card(page, id).boundingBox())!;
  return { x: x + width / 2, y: which === 'top' ? y : y + height };
}
const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
/** Where a straight wire is clear of both cards. */
const middle = async (page: Page, from: string, to: string) =>
  between(await edgeOf(page, from, 'bottom'), await edgeOf(page, to, 'top'));

async function drag(page: Page, from: Point, to: Point, before?: () => Promise<void>): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 4, from.y + 4, { steps: 2 });
  await page.mouse.move(to.x, to.y, { steps: 10 });
  await before?.();
  await page.mouse.up();
}

test.beforeEach(async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('1');
  await expect(wire(page, 'h1', 'a1')).toBeVisible();
});

test('a chosen wire is deleted with the keyboard alone', async ({ page }) => {
  await card(page, 'h1').focus();
  await page.keyboard.press('w');
  await expect(said(page)).toContainText('Wire from h1 to a1 chosen');
  await expect(wire(page, 'h1', 'a1')).toHaveClass(/selected/);
  await page.keyboard.press('w');
  await expect(said(page)).toContainText('Wire from flat to h1 chosen');
  await page.keyboard.press('w');
  await page.keyboard.press('Delete');
  await expect(said(page)).toContainText('Wire from h1 to a1 removed');
  await expect(wire(page, 'h1', 'a1')).toHaveCount(0);
  await expect(card(page, 'h1')).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(wire(page, 'h1', 'a1')).toHaveCount(1);

  // Drawn once more, it is chosen.
  await page.keyboard.press('c');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(said(page)).toContainText('Wire from h1 to a1 chosen');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('Remove the wire');
  await expect(page.getByRole('option').first()).toContainText('Remove the wire from h1 to a1');
  await page.keyboard.press('Enter');
  await expect(wire(page, 'h1', 'a1')).toHaveCount(0);
});

test('a wire is chosen with a click, and deleted', async ({ page }) => {
  const at = await middle(page, 'h1', 'a1');
  await page.mouse.click(at.x, at.y);
  await expect(wire(page, 'h1', 'a1')).toHaveClass(/selected/);
  await expect(page.getByText('Wire from h1 to a1: Delete removes it')).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(wire(page, 'h1', 'a1')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(wire(page, 'h1', 'a1')).toHaveCount(1);
});

test('a wire is drawn with the mouse, and takes the place of the one there was', async ({ page }) => {
  await drag(page, await edgeOf(page, 'h1', 'bottom'), await edgeOf(page, 'h2', 'top'));
  await expect(said(page)).toContainText('Wire from h1 to h2');
  await expect(wire(page, 'h1', 'h2')).toHaveCount(1);
  await expect(wire(page, 'a1', 'h2')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(wire(page, 'a1', 'h2')).toHaveCount(1);
  await expect(wire(page, 'h1', 'h2')).toHaveCount(0);
});

test('an end of a wire is taken to another layer, or let go', async ({ page }) => {
  const at = await middle(page, 'h1', 'a1');
  await page.mouse.click(at.x, at.y);
  const top = await edgeOf(page, 'a1', 'top');
  await drag(page, { x: top.x, y: top.y - 7 }, await edgeOf(page, 'h2', 'top'));
  await expect(wire(page, 'h1', 'h2')).toHaveCount(1);
  await expect(wire(page, 'h1', 'a1')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(wire(page, 'h1', 'a1')).toHaveCount(1);

  await page.mouse.click(at.x, at.y);
  await drag(page, { x: top.x, y: top.y - 7 }, { x: top.x - 200, y: top.y });
  await expect(said(page)).toContainText('Wire from h1 to a1 removed');
  await expect(wire(page, 'h1', 'a1')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(wire(page, 'h1', 'a1')).toHaveCount(1);
});

test('a loose layer is dropped on a wire, in one step', async ({ page }) => {
  const at = await middle(page, 'h1', 'a1');
  const item = (await page.locator('[data-layer="dropout"]').boundingBox())!;
  const pane = (await page.locator('.svelte-flow').boundingBox())!;
  await drag(
    page,
    { x: item.x + 40, y: item.y + item.height / 2 },
    { x: pane.x + pane.width - 130, y: pane.y + pane.height - 120 }
  );
  const dropout = (await card(page, 'dropout').boundingBox())!;
  await expect(wire(page, 'h1', 'a1')).toHaveCount(1);
  await drag(page, { x: dropout.x + 60, y: dropout.y + 16 }, at, async () => {
    await expect(wire(page, 'h1', 'a1').locator('.target')).toHaveCount(1);
  });
  await expect(wire(page, 'h1', 'dropout')).toHaveCount(1);
  await expect(wire(page, 'dropout', 'a1')).toHaveCount(1);
  await expect(wire(page, 'h1', 'a1')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(wire(page, 'h1', 'a1')).toHaveCount(1);
  await expect(wire(page, 'dropout', 'a1')).toHaveCount(0);
  await expect.poll(async () => (await card(page, 'dropout').boundingBox())!.x).toBeCloseTo(dropout.x, 0);
});
