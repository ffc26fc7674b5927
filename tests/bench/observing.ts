/**
 * What a look at all layers costs, beside a training step of the same network on one thread: time of the processor, so that other work on
 * the machine matters little. And what all looks together take of a run of some seconds, by the clock that its budget goes by.
 *
 *   npm run -s kernels && node tests/bench/observing.ts
 */
import { wasm } from '../../src-worker/backends/wasm/wasm.ts';
import { expandNormalization, fitNormalization } from '../../src-worker/data/normalize.ts';
import { Budget } from '../../src-worker/observe/budget.ts';
import { prepareObserver } from '../../src-worker/observe/observer.ts';
import { makePlan } from '../../src-worker/plan/make-plan.ts';
import { workloads } from '../../src-worker/tasks/bench/workloads/table.ts';
import { datasetOf, experimentOf, type Workload } from '../../src-worker/tasks/bench/workloads/workload.ts';
import { epochBatches } from '../../src-worker/train/epoch-batches.ts';
import { initialParameters } from '../../src-worker/train/initialize.ts';
import { stepNumbers } from '../../src-worker/train/step-numbers.ts';
import { plainHost } from '../support/backends.ts';

const ROUNDS = 15;
const STEPS = 8;
const RUN_MS = 20_000;

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

async function timed(work: () => unknown): Promise<number> {
  const before = cpuMs();
  await work();
  return cpuMs() - before;
}

async function measure(workload: Workload) {
  const experiment = experimentOf(workload, 'adam');
  const dataset = datasetOf(workload);
  const { info } = dataset;
  const train = Int32Array.from({ length: info.trainCount }, (_, row) => row);
  const table = { ...dataset, ...expandNormalization(fitNormalization('standardize', dataset, train), info) };
  const { shape, classes, values } = info;
  const plan = makePlan(experiment, { shape, classes: classes.length, values, examples: info.trainCount });
  const engine = await wasm.prepare({ plan, table, host: plainHost, threads: 1 });
  const w = initialParameters(plan, experiment.seed);
  await engine.write('w', w);
  const batches = epochBatches(train, plan.batchSize, experiment.seed, 1);
  const chunk = batches.take(0, STEPS, 1, stepNumbers(experiment, batches.steps));
  const sums = plan.measures.map(() => new Float64Array(STEPS));
  const prepare = () => prepareObserver({ network: experiment.network, plan, table, train });
  const observer = prepare();
  const before = w.slice();
  const [prepared, looked, stepped]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    prepared.push(await timed(prepare));
    looked.push(await timed(() => observer.observe(round, w, before)));
    stepped.push((await timed(() => engine.train(chunk, sums))) / STEPS);
  }
  const share = await shareOf(
    () => engine.train(chunk, sums),
    () => observer.observe(1, w, before)
  );
  await engine.close();
  const bytes = JSON.stringify(observer.observe(1000, w, before)).length;
  return { step: median(stepped), prepare: median(prepared), look: median(looked), bytes, ...share };
}

/** Trains for some seconds and looks whenever the budget allows: how often that was, and the share of the time that it took. */
async function shareOf(train: () => Promise<unknown>, look: () => unknown): Promise<{ looks: number; share: number }> {
  const budget = new Budget();
  let looks = 0;
  const startedMs = performance.now();
  const elapsedMs = () => performance.now() - startedMs;
  while (elapsedMs() < RUN_MS) {
    if (budget.allows(elapsedMs())) {
      const beganMs = elapsedMs();
      look();
      budget.looked(elapsedMs(), elapsedMs() - beganMs);
      looks++;
    }
    await train();
  }
  return { looks, share: budget.spentMs / elapsedMs() };
}

process.stdout.write(
  '| workload | a step, ms | preparing, ms | a look, ms | steps a look | bytes of its event | looks in 20 s | of the time |\n'
);
process.stdout.write('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n');
for (const workload of Object.values(workloads)) {
  const { step, prepare, look, bytes, looks, share } = await measure(workload);
  const cells = [step, prepare, look, look / step].map((value) => value.toPrecision(2));
  process.stdout.write(
    `| \`${workload.name}\` | ${cells.join(' | ')} | ${bytes} | ${looks} | ${(100 * share).toFixed(1)} % |\n`
  );
}
