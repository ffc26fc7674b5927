/**
 * Whether the wasm engine keeps its memory over a long run, and gives it back: 20 000 steps of a tiny network with all that a step can
 * have (batch norm, dropout, clipping, max-norm), then large engines with one thread and two opened and closed one after another. Exits
 * with 1 where something grows.
 *
 *   npm run test:slow
 */
import type { Engine } from '../../src-worker/backends/backend.ts';
import { wasmBackend } from '../../src-worker/backends/wasm/wasm.ts';
import { initialParameters } from '../../src-worker/train/initialize.ts';
import { planOf, smallExperiments, tableOf } from '../support/experiments.ts';
import { nodeHost } from '../support/node-host.ts';

const STEPS = 20_000;
const PER_CALL = 100;
const ENGINES = 20;
/** Rows of the large engines: some 20 MiB each. */
const MANY = 24_000;
/** What the garbage collector may leave behind. */
const HEAP_MIB = 2;
/** Threads come and go with tens; engines that are never given back come to hundreds. */
const RESIDENT_MIB = 120;

const experiment = smallExperiments.find(({ title }) => title === 'everything at once')!;
const plan = { ...planOf(experiment), shards: 4 };
const table = tableOf(experiment);
const open = async (threads: number, batchSize = plan.batchSize): Promise<Engine> => {
  const sized = { ...plan, batchSize };
  const engine = await wasmBackend().prepare({ plan: sized, table, host: nodeHost(threads), threads });
  await engine.write('w', initialParameters(plan, 1));
  return engine;
};

const rows = Int32Array.from({ length: PER_CALL * plan.batchSize }, (_, i) => (i * 7) % table.labels.length);
const counts = new Int32Array(PER_CALL).fill(plan.batchSize);
const numbers = { learningRate: new Float64Array(PER_CALL).fill(1e-3), fresh: new Float64Array(PER_CALL).fill(1) };
const sums = plan.measures.map(() => new Float64Array(PER_CALL));

async function train(engine: Engine, from: number, steps: number): Promise<void> {
  for (let step = from; step < from + steps; step += PER_CALL) {
    const done = await engine.train({ steps: PER_CALL, rows, counts, firstStep: step, numbers }, sums);
    if (done !== PER_CALL) throw new Error(`Step ${step + done} has no finite loss.`);
  }
}

const collect = (globalThis as { gc?: () => void }).gc;
if (!collect) throw new Error('Run it with --expose-gc: npm run test:slow');
const mib = (bytes: number) => bytes / 2 ** 20;
/** Memory of a closed engine is freed by a task behind the collection. */
async function used() {
  for (let i = 0; i < 4; i++) {
    collect!();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: mib(heapUsed + external), resident: mib(rss) };
}

/** Says how much more there is than before, and remembers where that is too much. */
async function compare(what: string, before: Awaited<ReturnType<typeof used>>): Promise<void> {
  const after = await used();
  const [heap, resident] = [after.heap - before.heap, after.resident - before.resident];
  const isSteady = heap < HEAP_MIB && resident < RESIDENT_MIB;
  if (!isSteady) process.exitCode = 1;
  console.log(
    `${isSteady ? 'steady' : 'GROWS '}  ${what}: heap ${heap.toFixed(2)} MiB, process ${resident.toFixed(1)} MiB more`
  );
}

const engine = await open(1);
await train(engine, 1, 2000);
const beforeSteps = await used();
await train(engine, 2001, STEPS);
await compare(`${STEPS} steps`, beforeSteps);
await engine.close();

const openAndClose = async (times: number) => {
  const all = Int32Array.from({ length: MANY }, (_, i) => (i * 7) % table.labels.length);
  for (let i = 0; i < times; i++) {
    const opened = await open(1 + (i % 2), MANY);
    await opened.evaluate(all);
    await opened.close();
  }
};
await openAndClose(6);
const beforeEngines = await used();
await openAndClose(ENGINES);
await compare(`${ENGINES} engines opened and closed`, beforeEngines);
