/** What the page does when it cannot start: the lab's first answers are changed on their way. */
import type { Page } from '@playwright/test';
import { expect, test } from './lab.ts';

type Request = { i: string; m: string };

/** `meddle` sees every call of the page; true: the call goes no further. */
async function between(
  page: Page,
  meddle: (call: Request, answer: (message: object) => void, cut: () => void) => boolean
) {
  await page.routeWebSocket('**/rpc', (near) => {
    const far = near.connectToServer();
    near.onMessage((text) => {
      const call = JSON.parse(String(text)) as Request;
      const isTaken = meddle(
        call,
        (message) => near.send(JSON.stringify({ t: 's', i: call.i, ...message })),
        () => void near.close({ code: 1011 })
      );
      if (!isTaken) far.send(text);
    });
  });
}

test('a page that cannot start says why and tries again when asked', async ({ page, lab }) => {
  let failures = 2;
  const busy = { code: 'database_busy', message: 'The database is busy. Close the other program.', details: {} };
  await between(page, ({ m }, answer) => {
    if (m !== 'getSettings' || failures-- <= 0) return false;
    answer({ e: busy });
    return true;
  });
  await page.goto(lab.url);
  await expect(page.getByRole('alert')).toContainText('The lab could not be opened. The database is busy.');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('navigation')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a page whose connection breaks while it starts goes on by itself', async ({ page, lab }) => {
  let breaks = 1;
  await between(page, ({ m }, _answer, cut) => {
    if (m !== 'listRuns' || breaks-- <= 0) return false;
    cut();
    return true;
  });
  await page.goto(lab.url);
  await expect(page.getByRole('navigation')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('letters typed right behind Ctrl K go into the box, also where the page is busy', async ({ page, lab }) => {
  await page.goto(lab.url);
  await page.getByRole('navigation').waitFor();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 20 });
  // All keys are on their way before the first is answered.
  const key = (text: string, more: object = {}) =>
    Promise.all(
      (['keyDown', 'keyUp'] as const).map((type) =>
        cdp.send('Input.dispatchKeyEvent', { type, key: text, ...(type === 'keyDown' && { text }), ...more })
      )
    );
  await Promise.all([
    key('k', { modifiers: 2, text: undefined, code: 'KeyK', windowsVirtualKeyCode: 75 }),
    ...[...'lenet'].map((letter) => key(letter))
  ]);
  await expect(page.getByPlaceholder('What do you want to do?')).toHaveValue('lenet');
});
