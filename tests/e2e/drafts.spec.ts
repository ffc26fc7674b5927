import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './lab.ts';

const bar = (page: Page) => page.getByRole('banner');
const saved = (page: Page) => expect(bar(page).getByText('draft · saved')).toBeVisible();
const undo = (page: Page) => bar(page).getByRole('button', { name: /^Undo/ });
const name = (page: Page) => page.getByRole('heading', { level: 1 });

/** In Build, with F2 as a person would. */
async function rename(page: Page, to: string, shown = to): Promise<void> {
  await page.keyboard.press('F2');
  await page.getByLabel('Name of the draft').fill(to);
  await page.keyboard.press('Enter');
  await expect(name(page)).toHaveText(shown);
}

async function choose(page: Page, item: string): Promise<void> {
  await bar(page).getByRole('button', { name: 'Draft', exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** Files dropped on the middle of the window. */
async function drop(page: Page, files: Record<string, string>): Promise<void> {
  const data = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const [file, text] of Object.entries(all)) transfer.items.add(new File([text], file));
    return transfer;
  }, files);
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: data });
  await expect(page.getByText('Drop the experiment file')).toBeVisible();
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
  await expect(page.getByText('Drop the experiment file')).toBeHidden();
}

test('an edit made right before a reload is there after it, and so is its undo', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('2');
  await page.getByLabel('Batch size').fill('77');
  await page.getByLabel('Epochs').fill('33');
  await page.reload();
  await expect(page.getByLabel('Epochs')).toHaveValue('33');
  await page.keyboard.press('1');
  await saved(page);
  await undo(page).click();
  await page.keyboard.press('Control+z');
  await expect(undo(page)).toBeDisabled();
  await page.keyboard.press('Control+y');
  await page.keyboard.press('2');
  await expect(page.getByLabel('Batch size')).toHaveValue('77');
  await expect(page.getByLabel('Epochs')).not.toHaveValue('33');
});

test('what was typed into the text right before a reload is there after it, whole or not', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('1');
  const showText = () => page.getByRole('radio', { name: 'Text' }).check();
  const editor = page.getByRole('textbox', { name: 'Experiment as text' });
  await showText();
  await editor.click();
  await page.keyboard.press('Control+a');
  const network = { nodes: [{ id: 'input', kind: 'input' }], edges: [] };
  const whole = { version: 1, name: 'in time', data: { dataset: 'fashion-mnist-small' }, network, training: {} };
  await page.keyboard.insertText(JSON.stringify(whole));
  await page.reload();
  await expect(name(page)).toHaveText('in time');
  await showText();
  await editor.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.insertText('half a wo');
  await page.reload();
  await showText();
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(editor).toContainText('half a wo');
});

test('a draft goes to the trash and comes back by one click', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('1');
  await rename(page, 'precious');
  await saved(page);
  await choose(page, 'Move to trash');
  await expect(page.getByText('“precious” is in the trash.')).toBeVisible();
  await expect(name(page)).not.toHaveText('precious');
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect(name(page)).toHaveText('precious');
  await choose(page, 'New draft');
  await expect(name(page)).toHaveText('untitled');
  await page.keyboard.press('Control+o');
  await page.getByPlaceholder('Find a draft').fill('preci');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(name(page)).toHaveText('precious');
});

test('a draft gets another name in the list, and is deleted for good only when that is meant', async ({
  page,
  lab
}) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('1');
  await rename(page, 'first');
  await saved(page);
  await choose(page, 'Duplicate');
  await expect(name(page)).toHaveText('first (copy)');
  await page.keyboard.press('Control+o');
  await page.getByPlaceholder('Find a draft').fill('first');
  await page.getByRole('option', { name: /^first \d/ }).hover();
  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: 'Name' }).fill('better');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+o');
  await page.getByPlaceholder('Find a draft').fill('better');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.getByRole('button', { name: 'Move to trash: better' }).click();
  await expect(page.getByRole('option')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await bar(page).getByRole('button', { name: 'Draft', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Trash', exact: true }).click();
  await page.getByRole('button', { name: 'Delete for good…: better' }).click();
  await expect(page.getByText('This cannot be undone.')).toBeVisible();
  await page.getByRole('button', { name: 'Delete for good', exact: true }).click();
  await expect(page.getByText('The trash is empty.')).toBeVisible();
});

test('an export is what an import reads; bad files change nothing and are told', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('1');
  await rename(page, 'to keep');
  const download = page.waitForEvent('download');
  await choose(page, 'Export JSON');
  expect((await download).suggestedFilename()).toBe('to keep.json');
  const text = await readFile((await (await download).path())!, 'utf8');
  expect(text).toMatch(/^\{\n {2}"version": 1,\n {2}"name": "to keep"/);
  await drop(page, { 'bad.json': '{\n  "network": oops\n}' });
  await expect(page.getByText('It is not JSON: something is wrong in line 2.')).toBeVisible();
  await expect(name(page)).toHaveText('to keep');
  await drop(page, { 'changed.json': text.replace('to keep', 'dropped').replace('"relu"', '"teapot"') });
  await expect(name(page)).toHaveText('dropped');
  const train = bar(page).getByRole('button', { name: 'Train' });
  await expect(train).toBeDisabled();
  await expect(train).toHaveAccessibleDescription(/“teapot” is not a kind known here\./);
  await train.dispatchEvent('click');
  await expect(page.getByText('Cannot train yet.')).toBeVisible();
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText(
    '“teapot” is not a kind known here.'
  );
  const chooser = page.waitForEvent('filechooser');
  await choose(page, 'Import JSON…');
  await (
    await chooser
  ).setFiles([
    { name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(text.replace('to keep', 'a')) },
    { name: 'b.json', mimeType: 'application/json', buffer: Buffer.from(text) }
  ]);
  await expect(page.getByText('2 drafts were opened; the last one is shown.')).toBeVisible();
  const again = page.waitForEvent('download');
  await choose(page, 'Export JSON');
  expect(await readFile((await (await again).path())!, 'utf8')).toBe(text);
});

test('two windows on one draft: nothing of either is overwritten', async ({ page, lab, context }) => {
  await page.keyboard.press('1');
  await rename(page, 'shared');
  await saved(page);
  const other = await context.newPage();
  await other.goto(lab.url);
  await expect(name(other)).toHaveText('shared');
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await rename(page, 'first window');
  await saved(page);
  await rename(other, 'second window', 'second window (copy)');
  await expect(other.getByText('This draft was edited in another window at the same time.')).toBeVisible();
  await saved(other);
  await page.keyboard.press('Control+o');
  await expect(page.getByRole('option', { name: /second window \(copy\)/ })).toBeVisible();
  await expect(page.getByRole('option', { name: /first window/ })).toContainText('open');
});

test('a window that is reloaded goes on with its own draft', async ({ page, lab, context }) => {
  await page.keyboard.press('1');
  await rename(page, 'first');
  await saved(page);
  const other = await context.newPage();
  await other.goto(lab.url);
  await expect(name(other)).toHaveText('first');
  await choose(other, 'New draft');
  await rename(other, 'second');
  await saved(other);
  await page.reload();
  await expect(name(page)).toHaveText('first');
  await other.reload();
  await expect(name(other)).toHaveText('second');
});

test('a run that is opened leaves the draft alone; Build trains the draft', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('What do you want to do?').fill('preset xor');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('1');
  await rename(page, 'my xor');
  await bar(page).getByRole('button', { name: 'Train' }).click();
  await expect(name(page)).toHaveText(/my xor\s*run 1/);
  await expect(page.getByText('As in run 1.')).toBeVisible();
  await page.getByLabel('Epochs').fill('7');
  await name(page).click();
  await page.keyboard.press('1');
  await choose(page, 'Duplicate');
  await expect(name(page)).toHaveText('my xor (copy)');
  await rename(page, 'elsewhere');
  await page.keyboard.press('2');
  await expect(page.getByLabel('Epochs')).toHaveValue('7');
});

test('edits made while the lab is away wait, and are saved when it is back', async ({ page, lab, complaints }) => {
  await page.keyboard.press('1');
  await rename(page, 'before');
  await saved(page);
  await lab.stop();
  await expect(page.getByText('The lab does not answer.')).toBeVisible();
  await rename(page, 'meanwhile');
  await rename(page, 'after');
  await expect(bar(page).getByText('draft · not saved yet')).toBeVisible();
  await lab.start();
  await expect(bar(page).getByText('draft · saved')).toBeVisible();
  await page.reload();
  await expect(name(page)).toHaveText('after');
  for (const text of ['meanwhile', 'before']) {
    await undo(page).click();
    await expect(name(page)).toHaveText(text);
  }
  complaints.length = 0; // the browser names every connection that was refused
});
