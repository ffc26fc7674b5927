/** One configuration of the benchmark, ready to train: an engine with its data, whose turns are timed. */
import type { Backend, Batches, Engine } from '../../backends/backend.ts';
import type { BenchMeasurement } from '../../contract/bench.ts';
import { expandNormalization, fitNormalization } from '../../data/normalize.ts';
import { makePlan } from '../../plan/make-plan.ts';
import { epochBatches } from '../../train/epoch-batches.ts';
import { initialParameters } from '../../train/initialize.ts';
import { stepNumbers } from '../../train/step-numbers.ts';
import type { TaskHost } from '../task.ts';
import { multiplyAddsOf } from './multiply-adds.ts';
import { datasetOf, experimentOf, type Workload } from './workloads/workload.ts';

export interface Configuration {
  readonly workload: Workload;
  readonly optimizer: string;
  readonly backend: Backend;
  readonly threads: number;
}

export type Identity = Pick<BenchMeasurement, 'name' | 'optimizer' | 'backend' | 'threads' | 'detail' | 'batchSize'>;

export interface Turn {
  readonly steps: number;
  readonly ms: number;
}

export interface Contender {
  readonly identity: Identity;
  readonly multiplyAdds: number;
  /** The turn that warmed it up. */
  readonly first: Turn;
  /** Trains for about so long, with one call of the engine at least; how many steps that were, and how long it took. */
  turn(milliseconds: number): Promise<Turn>;
  close(): Promise<void>;
}

/** The compiler has optimized the kernels after this. */
const WARM_UP_MS = 150;

/** Throws: what the backend cannot do. */
export async function prepareContender(configuration: Configuration, host: TaskHost): Promise<Contender> {
  const { workload, optimizer, backend, threads } = configuration;
  const experiment = experimentOf(workload, optimizer);
  const dataset = datasetOf(workload);
  const { info, ...columns } = dataset;
  const rows = Int32Array.from({ length: info.trainCount }, (_, row) => row);
  const normalization = fitNormalization(experiment.data.normalize, dataset, rows);
  const table = { ...columns, ...expandNormalization(normalization, info) };
  const { shape, classes, values } = info;
  const plan = makePlan(experiment, { shape, classes: classes.length, values, examples: info.trainCount });
  const engine = await backend.prepare({ plan, table, host, threads });
  await engine.write('w', initialParameters(plan, experiment.seed));
  const batches = epochBatches(rows, plan.batchSize, experiment.seed, 1);
  // Whole batches only.
  const steps = Math.min(Math.floor(info.trainCount / plan.batchSize), engine.maxSteps);
  const sample = batches.take(0, steps, 1, stepNumbers(experiment, batches.steps));
  const turn = turns(engine, plan.measures.length, sample, host.nowMs);
  const first = await turn(WARM_UP_MS);
  const { backend: name, threads: used, detail } = engine;
  return {
    identity: { name: workload.name, optimizer, backend: name, threads: used, detail, batchSize: plan.batchSize },
    multiplyAdds: multiplyAddsOf(plan),
    first,
    turn,
    close: () => engine.close()
  };
}

/** Its first call tells how many steps fill the time; a slow engine does that one step and no more. */
function turns(engine: Engine, measures: number, batches: Batches, nowMs: () => number): Contender['turn'] {
  let firstStep = 1;
  let msPerStep = Infinity;
  const train = async (most: number) => {
    const steps = engine.constantCost ? batches.steps : Math.max(1, Math.min(batches.steps, Math.floor(most)));
    const sums = Array.from({ length: measures }, () => new Float64Array(steps));
    await engine.train({ ...batches, steps, firstStep }, sums);
    firstStep += steps;
    return steps;
  };
  return async (milliseconds) => {
    const startedMs = nowMs();
    let steps = 0;
    for (;;) {
      steps += await train((milliseconds - (nowMs() - startedMs)) / msPerStep);
      const ms = nowMs() - startedMs;
      msPerStep = ms / steps;
      if (milliseconds - ms < msPerStep / 2) return { steps, ms };
    }
  };
}
