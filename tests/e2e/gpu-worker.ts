/// <reference lib="webworker" />
/** Runs in a module worker of a real browser, bundled as the product's worker is: the checks of gpu-backends.spec.ts. */
import type { Backend, BackendHost, Engine } from '../../src-worker/backends/backend.ts';
import { gpujsCpu, webgl2, webgpu } from '../../src-worker/backends/gpujs/gpujs.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import type { Metrics } from '../../src-worker/contract/run.ts';
import { flattenError } from '../../src-worker/contract/errors.ts';
import { makePlan } from '../../src-worker/plan/make-plan.ts';
import type { Plan } from '../../src-worker/plan/plan.ts';
import { metricsOf } from '../../src-worker/train/measures.ts';
import { gridCases } from '../worker/backends/grid-cases.ts';
import { opCases, worstOf } from '../worker/backends/op-cases.ts';
import { differenceOf, planCases, type PlanDifference } from '../worker/backends/plan-cases.ts';

declare const self: DedicatedWorkerGlobalScope;

const plainHost: BackendHost = {
  cores: 1,
  sharedMemory: false,
  nowMs: () => performance.now(),
  startHelper: () => {
    throw new Error('One thread was asked for.');
  }
};
const backends: readonly Backend[] = [webgpu, webgl2, gpujsCpu];

/** A training run by hand: given examples, parameters and mini-batches; plain lists, for the way into the page is JSON. */
export interface TrainingRequest {
  readonly task: 'training';
  readonly experiment: Experiment;
  readonly classes: number;
  readonly shape: number[];
  readonly examples: readonly number[];
  readonly labels: readonly number[];
  readonly start: readonly number[];
  readonly rows: readonly number[];
  readonly counts: readonly number[];
}
export interface TrainingResult {
  readonly detail: string;
  readonly maxSteps: number;
  readonly losses: number[];
  /** The parameters. */
  readonly end: readonly number[];
  /** Over all examples. */
  readonly before: Metrics;
  readonly after: Metrics;
}
export interface Availability {
  readonly auto: string | null;
  readonly asked: string | null;
}
/** How far each case of op-cases.ts is off, in its tolerances. */
export type OperationsResult = { title: string; worst: number }[];
/** How far each case of plan-cases.ts is off. */
export type PlansResult = ({ title: string } & PlanDifference)[];
export type Request = { readonly backend: string } & (
  TrainingRequest | { readonly task: 'operations' | 'plans' | 'availability' }
);

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const backend = backends.find(({ name }) => name === data.backend)!;
  try {
    self.postMessage({ result: await answer(backend, data) });
  } catch (error) {
    self.postMessage({ error: flattenError(error) });
  }
};

async function answer(
  backend: Backend,
  request: Request
): Promise<OperationsResult | PlansResult | Availability | TrainingResult> {
  switch (request.task) {
    case 'operations': {
      const results: OperationsResult = [];
      for (const one of [...opCases(), ...(await gridCases())]) {
        const worst = worstOf(one, await backend.run(one.program, one.inputs));
        results.push({ title: one.title, worst });
      }
      return results;
    }
    case 'plans': {
      const results: PlansResult = [];
      for (const one of planCases) results.push({ title: one.title, ...(await differenceOf(backend, one)) });
      return results;
    }
    case 'availability':
      return { auto: await backend.unavailable('auto'), asked: await backend.unavailable('asked') };
    case 'training':
      return train(backend, request);
    default:
      return request satisfies never;
  }
}

async function train(backend: Backend, request: TrainingRequest): Promise<TrainingResult> {
  const { experiment, shape, classes } = request;
  const plan = makePlan(experiment, { shape, classes, values: [] });
  const labels = Uint8Array.from(request.labels);
  const width = shape.reduce((a, b) => a * b, 1);
  const table = {
    examples: Float32Array.from(request.examples),
    labels,
    values: new Float32Array(),
    scale: new Float32Array(width).fill(1),
    shift: new Float32Array(width)
  };
  const engine = await backend.prepare({ plan, table, host: plainHost, threads: 1 });
  await engine.write('w', Float32Array.from(request.start));
  const all = Int32Array.from(labels, (_, row) => row);
  const before = metricsOf(plan, await engine.evaluate(all), all.length);
  const losses = await trainInParts(engine, plan, request);
  const after = metricsOf(plan, await engine.evaluate(all), all.length);
  const end = Array.from(await engine.read('w'));
  const { detail, maxSteps } = engine;
  await engine.close();
  return { detail, maxSteps, losses, end, before, after };
}

/** Mean loss of every step. Uneven parts, so that pipelines are called with fewer steps than they have. */
async function trainInParts(engine: Engine, plan: Plan, request: TrainingRequest): Promise<number[]> {
  const { learningRate } = request.experiment.training.optimizer as unknown as { learningRate: number };
  const { batchSize, measures } = plan;
  const rows = Int32Array.from(request.rows);
  const counts = Int32Array.from(request.counts);
  const losses: number[] = [];
  for (const [from, to] of [[0, 7] as const, [7, counts.length] as const]) {
    const steps = to - from;
    const sums = measures.map(() => new Float64Array(steps));
    const part = {
      steps,
      rows: rows.subarray(from * batchSize, to * batchSize),
      counts: counts.subarray(from, to),
      firstStep: 1 + from,
      numbers: { learningRate: new Float64Array(steps).fill(learningRate) }
    };
    await engine.train(part, sums);
    for (const [step, count] of part.counts.entries()) {
      const ofStep = sums.map((sum) => sum[step]!);
      losses.push(metricsOf(plan, ofStep, count).loss ?? NaN);
    }
  }
  return losses;
}
