/** Trains a case on one thread of the wasm backend and looks at its layers, as a run does: the events that it would have. */
import { wasmBackend } from '../../src-worker/backends/wasm/wasm.ts';
import { datasetOf } from './sets.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import type { LayersEvent } from '../../src-worker/contract/layers.ts';
import type { EpochEvent, Metrics, RunEvent } from '../../src-worker/contract/run.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import { awaitedSteps } from '../../src-worker/observe/awaited.ts';
import { prepareObserver } from '../../src-worker/observe/observer.ts';
import { makePlan } from '../../src-worker/plan/make-plan.ts';
import { findDivergence } from '../../src-worker/train/divergence.ts';
import { EarlyStopping } from '../../src-worker/train/early-stopping.ts';
import { epochBatches } from '../../src-worker/train/epoch-batches.ts';
import { evaluate } from '../../src-worker/train/evaluate.ts';
import { initialParameters } from '../../src-worker/train/initialize.ts';
import { metricsOf } from '../../src-worker/train/measures.ts';
import { prepareData } from '../../src-worker/train/prepare-data.ts';
import { stepNumbers } from '../../src-worker/train/step-numbers.ts';
import { plainHost } from '../support/backends.ts';
import type { HealthCase } from './case.ts';

export type RecordedEvent = RunEvent | LayersEvent;

export interface RecordedRun {
  readonly experiment: Experiment;
  readonly stepsPerEpoch: number;
  readonly events: readonly RecordedEvent[];
}

/** Plain SIMD: the same bits everywhere. */
const backend = wasmBackend({ variant: 'simd' });
const running = { wanted: 'run', changed: () => Promise.resolve() } as const;

/** Looks before and behind the first step, in the middle of the first two epochs, and after each. */
export async function record({ spec, plant, units = 1 }: HealthCase): Promise<RecordedRun> {
  const stored = await datasetOf(spec);
  const dataset =
    units === 1 ? stored : { ...stored, examples: stored.examples.map((value) => value * units) as Float32Array };
  const { experiment, problems } = checkExperiment(spec, [dataset.info]);
  if (!experiment) throw new Error(JSON.stringify(problems));
  const { splits, table, info, targets } = prepareData(experiment, dataset);
  const { shape, classes, values } = info;
  const plan = makePlan(experiment, { shape, classes: classes.length, values, examples: splits.train.length });
  const engine = await backend.prepare({ plan, table, host: plainHost, threads: 1 });
  const w = initialParameters(plan, experiment.seed);
  plant?.(w, plan);
  await engine.write('w', w);
  const observer = prepareObserver({ network: experiment.network, plan, table, train: splits.train });
  const stepsPerEpoch = Math.ceil(splits.train.length / plan.batchSize);
  const events: RecordedEvent[] = [observer.observe(0, w)];
  const options = { experiment, plan, engine, table, info, targets, controls: running };
  const host = { yieldTask: () => Promise.resolve() };
  const history: Metrics[] = [];
  const { earlyStopping } = experiment.training;
  const stopping = earlyStopping && new EarlyStopping(earlyStopping);
  let step = 0;

  /** Whether it has gone on. */
  const train = async (batches: ReturnType<typeof epochBatches>, at: number, count: number, total: Float64Array) => {
    const chunk = batches.take(at, count, step + 1, stepNumbers(experiment, stepsPerEpoch, { history }));
    const sums = plan.measures.map(() => new Float64Array(count));
    const done = await engine.train(chunk, sums);
    const seen = Math.min(done + 1, count);
    const points = Array.from({ length: seen }, (_, s) =>
      metricsOf(
        plan,
        sums.map((sum) => sum[s]!),
        chunk.counts[s]!
      )
    );
    const [loss, accuracy] = [points.map((point) => point.loss), points.map((point) => point.accuracy)];
    events.push({ type: 'steps', from: step + 1, loss, accuracy, seconds: step });
    step += seen;
    for (const [m, sum] of sums.entries()) total[m]! += sum.reduce((all, one) => all + one, 0);
    if (done === count) return true;
    const broken = {
      rows: chunk.rows,
      at: done * plan.batchSize,
      count: chunk.counts[done]!,
      step,
      mode: 'training'
    } as const;
    const found = await findDivergence(plan, table, await engine.read('w'), broken);
    const end = { type: 'end', status: 'diverged', step, test: null, seconds: step, error: null } as const;
    events.push({ ...end, diverged: { step, ...found } });
    return false;
  };

  try {
    for (let epoch = 1; epoch <= experiment.training.epochs; epoch++) {
      const batches = epochBatches(splits.train, plan.batchSize, experiment.seed, epoch);
      const total = new Float64Array(plan.measures.length);
      const before = (epoch - 1) * stepsPerEpoch;
      const looks = awaitedSteps(stepsPerEpoch).filter((at) => at > before && at < before + stepsPerEpoch);
      let at = 0;
      for (const look of [...looks.map((step) => step - before), stepsPerEpoch]) {
        if (look - at > 1 && !(await train(batches, at, look - at - 1, total)))
          return { experiment, stepsPerEpoch, events };
        const earlier = await engine.read('w');
        if (!(await train(batches, look - 1, 1, total))) return { experiment, stepsPerEpoch, events };
        events.push(observer.observe(step, await engine.read('w'), earlier));
        at = look;
      }
      const measured = await evaluate({ ...options, host }, splits.dev);
      const dev = measured && measured !== 'stopped' ? measured.metrics : null;
      const metrics = metricsOf(plan, total, splits.train.length);
      const told: EpochEvent = { type: 'epoch', epoch, step, train: metrics, dev, seconds: step };
      events.push(told);
      history.push(dev ?? metrics);
      if (dev && (await stopping?.observe(epoch, dev, engine))) break;
    }
    events.push({ type: 'end', status: 'completed', step, test: null, seconds: step, error: null });
    return { experiment, stepsPerEpoch, events };
  } finally {
    await engine.close();
  }
}
