/** Killed at random moments, again and again: a run loses nothing and goes on to the last bit. `KILLS=20` for the whole measure. */
import Sqlite from 'better-sqlite3';
import { openStore } from '../../src-main/store/store.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import { expect, startButton, statusInLog, test, train, type Lab } from './lab.ts';

const kills = Number(process.env['KILLS'] ?? 3);
const seed = Number(process.env['KILL_SEED'] ?? 1);
/** Long enough for that many. */
const EPOCHS = String(40 + 8 * kills);

/** Every number that was measured in a run, in the order of its steps and epochs. */
async function measured(lab: Lab, id: number) {
  const store = await openStore(lab.database);
  const { events, summary } = store.getRun(id);
  store.close();
  const steps = events.flatMap((event) =>
    event.type === 'steps' ? event.loss.map((loss, i) => [event.from + i, loss]) : []
  );
  const epochs = events.flatMap((event) => (event.type === 'epoch' ? [[event.epoch, event.train, event.dev]] : []));
  return { steps, epochs, test: summary.test };
}

/** The page is faster than its way to the store. */
const stored = (lab: Lab, id: number) => expect.poll(async () => (await measured(lab, id)).test).not.toBeNull();

function integrityOf({ database }: Lab): unknown {
  const db = new Sqlite(database, { readonly: true });
  const found = db.pragma('integrity_check', { simple: true });
  db.close();
  return found;
}

test('a run whose host is killed at random moments ends as one that was left in peace, to the last bit', async ({
  page,
  lab,
  complaints
}) => {
  test.setTimeout(120_000 + kills * 30_000);
  const random = randomStream(seed, 'split/kills');
  await train(page, { Epochs: EPOCHS, Threads: '1' });
  await stored(lab, 1);
  const peace = await measured(lab, 1);
  await startButton(page).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  let killed = 0;
  for (; killed < kills && (await statusInLog(page, 'completed').count()) === 0; killed++) {
    await page.waitForTimeout(100 + 900 * random.uniform());
    await lab.kill();
    expect(integrityOf(lab)).toBe('ok');
    await page.waitForTimeout(500 * random.uniform());
    await lab.start();
  }
  await statusInLog(page, 'completed').waitFor({ timeout: 120_000 });
  await stored(lab, 2);
  expect(killed).toBeGreaterThan(0);
  test.info().annotations.push({ type: 'kills', description: String(killed) });
  const run = await measured(lab, 2);
  expect(run.steps).toEqual(peace.steps);
  expect(run).toEqual(peace);
  expect(integrityOf(lab)).toBe('ok');
  complaints.length = 0; // the browser names every connection that was refused
});
