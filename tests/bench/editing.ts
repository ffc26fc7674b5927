/**
 * What an edit of a network of 200 layers costs the page's main thread, in Chromium: until it is on screen, and with all that follows
 * within a second. Processor time of that thread, not time by the clock, so that other work on the machine matters little. `--profile`
 * also tells which functions the time of each edit went to.
 *
 *   npm run build && node tests/bench/editing.ts [--profile]
 */
import { existsSync } from 'node:fs';
import { chromium, type CDPSession, type Page } from '@playwright/test';
import { Lab } from '../e2e/lab.ts';

const ROUNDS = 11;
const MIDDLE = 'l100';
const isProfiled = process.argv.includes('--profile');

interface Act {
  readonly what: string;
  /** Not measured: brings the page to where the keys count. */
  ready(page: Page): Promise<void>;
  readonly keys: readonly string[];
}

const card = (page: Page, id: string) => page.locator(`.svelte-flow__node[data-id="${id}"]`);

/** The layer is chosen and has the keyboard's focus. */
async function choose(page: Page, id: string): Promise<void> {
  await card(page, id).dispatchEvent('click');
  await card(page, id).focus();
}

async function enterFilters(page: Page): Promise<void> {
  await choose(page, MIDDLE);
  await page
    .getByRole('complementary', { name: 'Inspector' })
    .getByLabel(/^Filters/)
    .selectText();
}

async function enterPalette(page: Page): Promise<void> {
  await choose(page, MIDDLE);
  await page.locator('[data-layer="relu"]').focus();
}

const acts: readonly Act[] = [
  { what: 'a number changed in layer 100', ready: enterFilters, keys: ['9'] },
  { what: 'undone', ready: (page) => choose(page, MIDDLE), keys: ['Control+z'] },
  { what: 'a layer inserted behind layer 100', ready: enterPalette, keys: ['Enter'] },
  { what: 'undone', ready: (page) => choose(page, MIDDLE), keys: ['Control+z'] },
  { what: 'layer 100 deleted', ready: (page) => choose(page, MIDDLE), keys: ['Delete'] },
  { what: 'undone', ready: (page) => choose(page, 'l101'), keys: ['Control+z'] },
  { what: 'layer 100 broken', ready: enterFilters, keys: ['Backspace'] },
  { what: 'undone', ready: (page) => choose(page, MIDDLE), keys: ['Control+z'] }
];

/** Convolutions of 8 filters with ReLU in turn, between the input and a dense layer of 10. */
function experimentOf(count: number): object {
  const inner = Array.from({ length: count - 3 }, (_, i) =>
    i % 2 === 1
      ? { id: `l${i + 1}`, kind: 'conv2d', filters: 8, kernel: 3, padding: 'same' }
      : { id: `l${i + 1}`, kind: 'relu' }
  );
  const nodes = [
    { id: 'input', kind: 'input' },
    ...inner,
    { id: 'flat', kind: 'flatten' },
    { id: 'out', kind: 'dense', units: 10 }
  ];
  return {
    version: 1,
    name: 'deep',
    data: { dataset: 'fashion-mnist-small' },
    network: { nodes, edges: nodes.slice(1).map(({ id }, i) => [nodes[i]!.id, id]) },
    training: { loss: { kind: 'cross-entropy' }, optimizer: { kind: 'adam' }, batchSize: 64, epochs: 1 }
  };
}

async function take(page: Page): Promise<void> {
  const text = JSON.stringify(experimentOf(200));
  const data = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], 'deep.json'));
    return transfer;
  }, text);
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: data });
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
  await card(page, MIDDLE).waitFor();
}

type Costs = Readonly<Record<'task' | 'script' | 'style' | 'layout', number>>;

async function costsOf(cdp: CDPSession): Promise<Costs> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  const ms = (name: string) => metrics.find((one) => one.name === name)!.value * 1000;
  return {
    task: ms('TaskDuration'),
    script: ms('ScriptDuration'),
    style: ms('RecalcStyleDuration'),
    layout: ms('LayoutDuration')
  };
}

const drawn = (page: Page) =>
  page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))
  );

interface Measured {
  readonly frame: Costs;
  readonly later: Costs;
}

async function measure(
  page: Page,
  cdp: CDPSession,
  { ready, keys }: Act,
  times: Map<string, number>
): Promise<Measured> {
  await ready(page);
  await page.waitForTimeout(900);
  if (isProfiled) await cdp.send('Profiler.start');
  const before = await costsOf(cdp);
  for (const key of keys) await page.keyboard.press(key);
  await drawn(page);
  const frame = await costsOf(cdp);
  if (isProfiled) addTimes(times, (await cdp.send('Profiler.stop')).profile);
  await page.waitForTimeout(1000);
  return { frame: minus(frame, before), later: minus(await costsOf(cdp), frame) };
}

const minus = (a: Costs, b: Costs): Costs => ({
  task: a.task - b.task,
  script: a.script - b.script,
  style: a.style - b.style,
  layout: a.layout - b.layout
});

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

/** Time of each function with all that it calls, once where it calls itself. */
function addTimes(times: Map<string, number>, { nodes, samples = [], timeDeltas = [] }: Profile): void {
  const nameOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.slice(url.lastIndexOf('/') + 1)}:${lineNumber + 1}`
    ])
  );
  const parent = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  for (const [i, sample] of samples.entries()) {
    const seen = new Set<string>();
    for (let at: number | undefined = sample; at !== undefined; at = parent.get(at)) seen.add(nameOf.get(at)!);
    const own = nameOf.get(sample)!;
    if (own.startsWith('(idle)')) continue;
    for (const name of seen) times.set(name, (times.get(name) ?? 0) + timeDeltas[i]! / 1000);
    times.set(`self ${own}`, (times.get(`self ${own}`) ?? 0) + timeDeltas[i]! / 1000);
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const lab = new Lab();
await lab.start();
const executablePath = [process.env['CHROMIUM'], '/usr/bin/chromium'].find((path) => path && existsSync(path));
const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(lab.url);
  await page.getByRole('navigation').waitFor();
  await page.keyboard.press('1');
  await take(page);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  if (isProfiled) {
    await cdp.send('Profiler.enable');
    await cdp.send('Profiler.setSamplingInterval', { interval: 200 });
  }
  const all = acts.map(() => [] as Measured[]);
  const times = acts.map(() => new Map<string, number>());
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, act] of acts.entries()) all[i]!.push(await measure(page, cdp, act, times[i]!));
  console.log('| edit | until on screen, ms | of it script | style | layout | then, ms |');
  console.log('| ---- | ------------------: | -----------: | ----: | -----: | -------: |');
  for (const [i, { what }] of acts.entries()) {
    const rounds = all[i]!.slice(1); // the first warms up
    const at = (when: keyof Measured, key: keyof Costs) => median(rounds.map((one) => one[when][key])).toFixed(1);
    const frame = (['task', 'script', 'style', 'layout'] as const).map((key) => at('frame', key));
    console.log(`| ${[what, ...frame, at('later', 'task')].join(' | ')} |`);
    if (!isProfiled) continue;
    const most = [...times[i]!].sort(([, a], [, b]) => b - a).slice(0, 70);
    for (const [name, ms] of most) console.log(`    ${(ms / ROUNDS).toFixed(2)}  ${name}`);
  }
} finally {
  await browser.close();
  await lab.remove();
}
