/**
 * What an edit of a network of 200 layers costs the page's main thread, in Chromium: from the key to the frame that shows it, and with all
 * that follows within a second. Processor time of that thread, read off a trace, not time by the clock, so that other work on the machine
 * matters less. And how often the page draws while a card is dragged. `--profile` also tells which functions the time of each edit went to.
 *
 *   npm run build && node tests/bench/editing.ts [--rounds 11] [--profile]
 */
import { parseArgs } from 'node:util';
import { existsSync } from 'node:fs';
import { chromium, type CDPSession, type Page } from '@playwright/test';
import { Lab } from '../e2e/lab.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '11' }, profile: { type: 'boolean', default: false } }
});
const ROUNDS = Number(options.rounds);
const MIDDLE = 'l100';
const isProfiled = options.profile;

interface Act {
  readonly what: string;
  /** Not measured: brings the page to where the keys count. */
  ready(page: Page): Promise<void>;
  readonly key: string;
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

/** The name stands in its field, to be taken with Enter. */
const enterName =
  (id: string, name: string) =>
  async (page: Page): Promise<void> => {
    await choose(page, id);
    await page.keyboard.press('F2');
    const field = card(page, id).getByRole('textbox');
    await field.fill(name);
    await field.focus();
  };

const undo = (id = MIDDLE): Act => ({ what: 'undone', ready: (page) => choose(page, id), key: 'Control+z' });

const acts: readonly Act[] = [
  { what: 'a number changed in layer 100', ready: enterFilters, key: '9' },
  undo(),
  { what: 'layer 100 renamed', ready: enterName(MIDDLE, 'middle'), key: 'Enter' },
  undo('middle'),
  { what: 'a layer inserted behind layer 100', ready: enterPalette, key: 'Enter' },
  undo(),
  { what: 'layer 100 deleted', ready: (page) => choose(page, MIDDLE), key: 'Delete' },
  undo('l101'),
  { what: 'layer 100 broken', ready: enterFilters, key: 'Backspace' },
  { what: 'mended', ready: enterFilters, key: '8' },
  undo(),
  undo()
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

/** Milliseconds of the main thread's processor time. */
interface Costs {
  readonly script: number;
  /** Style, layout, painting, and the layers for the compositor. */
  readonly drawing: number;
}

/** As Chromium writes it: microseconds, `tdur` by the thread's own clock. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string; readonly data?: { readonly type?: string } };
}

/** What the main thread does while `act` goes on. */
async function traced(cdp: CDPSession, act: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const take = ({ value }: { value: object[] }) => void events.push(...(value as TraceEvent[]));
  cdp.on('Tracing.dataCollected', take);
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline'] }
  });
  await act();
  const complete = new Promise<void>((resolve) => cdp.once('Tracing.tracingComplete', () => resolve()));
  await cdp.send('Tracing.end');
  await complete;
  cdp.off('Tracing.dataCollected', take);
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const mains = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(threadOf)
  );
  return events.filter((event) => event.ph === 'X' && mains.has(threadOf(event))).sort((a, b) => a.ts - b.ts);
}

const DRAWING = new Set(['UpdateLayoutTree', 'Layout', 'PrePaint', 'Paint', 'Layerize', 'HitTest']);
const endOf = ({ ts, dur = 0 }: TraceEvent) => ts + dur;

/** From `start` to `end`: drawing wherever it is asked for, and what remains of the events that it stands in. */
function costsBetween(events: readonly TraceEvent[], start: number, end: number): Costs {
  let [all, drawing, allUntil, drawnUntil] = [0, 0, 0, 0];
  for (const event of events) {
    if (event.ts < start || event.ts > end) continue;
    const ms = (event.tdur ?? 0) / 1000;
    if (event.ts >= allUntil) [all, allUntil] = [all + ms, endOf(event)];
    if (DRAWING.has(event.name) && event.ts >= drawnUntil) [drawing, drawnUntil] = [drawing + ms, endOf(event)];
  }
  return { script: all - drawing, drawing };
}

const drawn = (page: Page) =>
  page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))
  );

interface Measured {
  readonly frame: Costs;
  readonly later: Costs;
}

async function measure(page: Page, cdp: CDPSession, { ready, key }: Act): Promise<Measured> {
  await ready(page);
  await page.waitForTimeout(900);
  const events = await traced(cdp, async () => {
    await page.keyboard.press(key);
    await drawn(page);
    await page.waitForTimeout(1000);
  });
  const start = events.findLast(({ name, args }) => name === 'EventDispatch' && args.data?.type === 'keydown')!.ts;
  const shown = events.find(({ name, ts }) => name === 'Layerize' && ts > start);
  const end = shown ? endOf(shown) : Infinity;
  return { frame: costsBetween(events, start, end), later: costsBetween(events, end, Infinity) };
}

async function profiled(page: Page, cdp: CDPSession, { ready, key }: Act, times: Map<string, number>): Promise<void> {
  await ready(page);
  await page.waitForTimeout(900);
  await cdp.send('Profiler.start');
  await page.keyboard.press(key);
  await drawn(page);
  addTimes(times, (await cdp.send('Profiler.stop')).profile);
}

const STEPS = 120;

/** The middle card to and fro: milliseconds between two frames by the clock, and of the main thread's time for each. */
async function drag(page: Page, cdp: CDPSession): Promise<{ between: number[]; busy: number }> {
  const box = (await card(page, MIDDLE).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 8, y + 8);
  let between: number[] = [];
  const events = await traced(cdp, async () => {
    const frames = page.evaluate(
      (count) =>
        new Promise<number[]>((resolve) => {
          const times: number[] = [];
          requestAnimationFrame(function next(atMs) {
            times.push(atMs);
            if (times.length < count) requestAnimationFrame(next);
            else resolve(times);
          });
        }),
      STEPS
    );
    for (let i = 0; i < STEPS; i++) await page.mouse.move(x + 60 * Math.sin(i / 9), y + 60 * Math.cos(i / 9));
    const times = await frames;
    between = times.slice(1).map((atMs, i) => atMs - times[i]!);
  });
  await page.mouse.up();
  await page.keyboard.press('Control+z');
  const { script, drawing } = costsBetween(events, 0, Infinity);
  return { between, busy: (script + drawing) / events.filter(({ name }) => name === 'Layerize').length };
}

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
  if (isProfiled) {
    await cdp.send('Profiler.enable');
    await cdp.send('Profiler.setSamplingInterval', { interval: 200 });
  }
  const all = acts.map(() => [] as Measured[]);
  const times = acts.map(() => new Map<string, number>());
  const drags: { between: number[]; busy: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, act] of acts.entries())
      if (isProfiled) await profiled(page, cdp, act, times[i]!);
      else all[i]!.push(await measure(page, cdp, act));
    drags.push(await drag(page, cdp));
  }
  if (isProfiled) printTimes(times);
  else print(all, drags);
} finally {
  await browser.close();
  await lab.remove();
}

function print(all: readonly Measured[][], drags: readonly { between: number[]; busy: number }[]): void {
  console.log('| edit | script, ms | drawing | all | least | then |');
  console.log('| ---- | ---------: | ------: | --: | ----: | ---: |');
  const sum = ({ script, drawing }: Costs) => script + drawing;
  for (const [i, { what }] of acts.entries()) {
    const rounds = all[i]!.slice(1); // the first warms up
    const frames = rounds.map(({ frame }) => frame);
    const columns = [
      median(frames.map(({ script }) => script)),
      median(frames.map(({ drawing }) => drawing)),
      median(frames.map(sum)),
      Math.min(...frames.map(sum)),
      median(rounds.map(({ later }) => sum(later)))
    ];
    console.log(`| ${[what, ...columns.map((ms) => ms.toFixed(1))].join(' | ')} |`);
  }
  const between = drags.flatMap((one) => one.between);
  const late = between.filter((ms) => ms > 20).length / between.length;
  const busy = median(drags.map((one) => one.busy));
  console.log(
    `A card dragged: ${median(between).toFixed(1)} ms between frames, ${(late * 100).toFixed(0)} % of them late;`
  );
  console.log(`${busy.toFixed(1)} ms of the main thread for each.`);
}

function printTimes(times: readonly Map<string, number>[]): void {
  for (const [i, { what }] of acts.entries()) {
    console.log(what);
    const most = [...times[i]!].sort(([, a], [, b]) => b - a).slice(0, 70);
    for (const [name, ms] of most) console.log(`    ${(ms / ROUNDS).toFixed(2)}  ${name}`);
  }
}
