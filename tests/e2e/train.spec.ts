import { brokenWays } from './broken-way.ts';
import { expect, pictureOf, startButton, statusInLog, test, train } from './lab.ts';

test('the first start trains the five-layer network with one click and points at the next', async ({ page, lab }) => {
  await expect(page).toHaveTitle(/Caviar/);
  await expect(page.getByRole('heading', { name: 'Train your first network' })).toBeVisible();
  await page.getByRole('button', { name: 'Train fashion-5-layer' }).click();
  const smoothed = page.locator('svg[data-chart=Loss] path[data-curve=train]');
  await expect(smoothed).toHaveAttribute('d', /L/);
  await expect(page.getByRole('progressbar')).toBeVisible();
  await expect(statusInLog(page, 'completed')).toBeVisible({ timeout: 120_000 });
  const accuracy = Number.parseFloat(await page.locator('dl dd b').first().innerText());
  expect(accuracy).toBeGreaterThan(75);
  await page.getByRole('button', { name: 'Change the learning rate' }).click();
  await expect(page.getByLabel('Learning rate')).toBeFocused();
  expect(lab.url).toContain('127.0.0.1');
});

test('a run is paused, resumed and stopped by keys, and keeps what it measured', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.getByLabel('Epochs').fill('2000');
  await startButton(page).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await expect(page.locator('svg[data-chart=Loss] path[data-curve=train]')).toHaveAttribute('d', /L/);
  await page.locator('h1').click();
  await page.keyboard.press('Space');
  await expect(statusInLog(page, 'Paused')).toBeVisible();
  const at = await page.getByText(/^step /).innerText();
  await page.waitForTimeout(500);
  await expect(page.getByText(/^step /)).toHaveText(at);
  await page.keyboard.press('Space');
  await expect(statusInLog(page, 'Resumed')).toBeVisible();
  await expect(page.getByText(/^Epoch \d+$/).first()).toBeVisible();
  await page.keyboard.press('s');
  await expect(statusInLog(page, 'stopped')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeHidden();
  await page.keyboard.press('4');
  await expect(page.getByRole('row').filter({ hasText: 'stopped' })).toBeVisible();
});

test('a run read back after a reload and a restart has the picture that it had live', async ({ page, lab }) => {
  await train(page, { Epochs: '3' });
  const live = await pictureOf(page);
  expect(live.paths.filter((path) => path.includes('L')).length).toBe(6);
  await page.reload();
  await expect(statusInLog(page, 'completed')).toBeVisible();
  await expect.poll(() => pictureOf(page)).toEqual(live);
  await page.goto('about:blank'); // an open page would complain, rightly, that its host is gone
  await lab.stop();
  await lab.start();
  await page.goto(lab.url);
  await page.getByRole('navigation').waitFor();
  await page.keyboard.press('4');
  await page.getByRole('row', { name: /fashion-5-layer/ }).dblclick();
  await expect(statusInLog(page, 'completed')).toBeVisible();
  await expect.poll(() => pictureOf(page)).toEqual(live);
});

test('what is wrong with a setting is said at its field, and nothing is started', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.getByLabel('Learning rate').fill('fast');
  await expect(page.getByRole('alert')).toHaveText('Learning rate is not a number. Write it as 0.001 or 1e-3.');
  await page.getByLabel('Learning rate').fill('-1');
  await expect(page.getByRole('alert')).toContainText('Learning rate must be more than 0');
  await page.getByLabel('Epochs').fill('0');
  await expect(page.getByRole('alert')).toHaveCount(2);
  await expect(startButton(page)).toBeDisabled();
  await page.getByRole('button', { name: 'Undo changes' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(startButton(page)).toBeEnabled();
  await page.getByLabel('Dataset').click();
  const spiral = page.getByRole('option', { name: /Spiral/ });
  await expect(spiral).toContainText('out: 10 → 2 outputs'); // what would change with it
  await spiral.click();
  await expect(page.getByRole('status').filter({ hasText: 'out: 10 → 2 outputs' })).toBeVisible();
  await expect(startButton(page)).toBeEnabled();
});

test('a thread that dies ends its run as failed, with the reason', async ({ page, lab }) => {
  await page.route('**/assets/web-worker-*.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      headers: { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Resource-Policy': 'same-origin' },
      body: 'onmessage = () => { throw new Error("the floor gave way"); }'
    })
  );
  await page.goto(lab.url);
  await startButton(page).click();
  await expect(page.getByRole('alert')).toContainText('the floor gave way');
  await expect(statusInLog(page, 'failed')).toBeVisible();
  await page.keyboard.press('4');
  await expect(page.getByRole('row').filter({ hasText: 'failed' })).toBeVisible();
});

test('leaving the page while it trains is asked about first', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await page.getByLabel('Epochs').fill('2000');
  await startButton(page).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  const dialog = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  expect((await dialog).type()).toBe('beforeunload');
  await (await dialog).accept();
});

test('the curves enlarge with the mouse, read with the keyboard, and are there as a table', async ({ page, lab }) => {
  expect(lab.url).not.toBe('');
  await train(page, { Epochs: '4' });
  const plot = page.getByRole('slider', { name: 'Loss: crosshair' });
  const box = (await plot.boundingBox())!;
  const whole = await pictureOf(page);
  await page.mouse.move(box.x + 200, box.y + 80);
  await page.mouse.down();
  await page.mouse.move(box.x + 320, box.y + 80, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole('button', { name: 'Show all' })).toBeVisible();
  expect((await pictureOf(page)).paths).not.toEqual(whole.paths);
  await page.mouse.dblclick(box.x + 300, box.y + 80);
  await expect(page.getByRole('button', { name: 'Show all' })).toBeHidden();
  expect((await pictureOf(page)).paths).toEqual(whole.paths);
  await plot.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(plot).toHaveAttribute('aria-valuetext', /^epoch 0\.4000, train, smoothed [\d.]+ [\d.]+, dev [\d.]+$/);
  await page.getByRole('button', { name: 'table' }).click();
  await expect(page.getByRole('row')).toHaveCount(5);
});

test('a run goes on while the connection is broken, and the store gets all of it', async ({
  page,
  lab,
  complaints
}) => {
  const way = await brokenWays(lab.url);
  await page.goto(way.url);
  await page.getByLabel('Epochs').fill('40');
  await startButton(page).click();
  await expect(page.getByText('Epoch 1', { exact: true })).toBeVisible();
  way.shut();
  await expect(page.getByText('Training goes on; results are kept if the connection comes back')).toBeVisible();
  await page.waitForTimeout(1000);
  way.open();
  await expect(page.getByText('The lab does not answer.')).toBeHidden();
  await expect(statusInLog(page, 'completed')).toBeVisible({ timeout: 120_000 });
  const live = await pictureOf(page);
  await page.waitForTimeout(500);
  await page.reload();
  await expect(statusInLog(page, 'completed')).toBeVisible();
  await expect.poll(() => pictureOf(page)).toEqual(live);
  complaints.length = 0; // the browser names every connection that was refused
  await way.close();
});
