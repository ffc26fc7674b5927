/**
 * The training loop: epochs of mini-batches, measured as they go, that can be paused and stopped between any two calls of the engine.
 *
 * It works in chunks of steps so that a call takes some 25 ms: long enough to cost nothing, short enough that commands get through.
 * How the steps are cut into chunks never changes a result.
 */
import type { FeedStep } from '../backends/feed.ts';
import type { EndEvent, EndStatus, Final, Metrics, RunEvent } from '../contract/run.ts';
import { findDivergence } from './divergence.ts';
import { EarlyStopping } from './early-stopping.ts';
import { epochBatches } from './epoch-batches.ts';
import { evaluate, type Evaluated, type EvaluateOptions } from './evaluate.ts';
import { finalOf } from './final.ts';
import { finite, metricsOf } from './measures.ts';
import { isPenalized, penaltyIn } from './penalty.ts';
import { stepNumbers } from './step-numbers.ts';
import { Stopwatch } from './stopwatch.ts';

const CHUNK_MS = 25;

export interface Splits {
  readonly train: Int32Array;
  readonly dev: Int32Array;
  readonly test: Int32Array;
}

/** What the loop needs from its thread. */
export interface LoopHost {
  emit(event: RunEvent): void;
  nowMs(): number;
  /** Lets waiting messages in. */
  yieldTask(): Promise<void>;
}

/** Set from outside while the loop runs. `changed` resolves when a command arrives. */
export interface Controls {
  readonly wanted: 'run' | 'pause' | 'stop';
  changed(): Promise<void>;
}

export interface LoopOptions extends EvaluateOptions {
  readonly splits: Splits;
  readonly controls: Controls;
  readonly host: LoopHost;
}

/** Steps done, how many the next call of the engine takes, and what came of the epochs before: of the dev set, where there is one. */
interface Progress {
  step: number;
  chunk: number;
  readonly history: Metrics[];
}

/** Resolves with the end of the run; the caller sends it. */
export async function trainLoop(options: LoopOptions): Promise<EndEvent> {
  const { experiment, engine, host, splits } = options;
  const clock = new Stopwatch(host.nowMs);
  const progress: Progress = { step: 0, chunk: 1, history: [] };
  const { earlyStopping } = experiment.training;
  const stopping = earlyStopping && new EarlyStopping(earlyStopping, engine);
  const end = (status: EndStatus, more: Partial<EndEvent> = {}): EndEvent => {
    return { type: 'end', status, step: progress.step, test: null, seconds: clock.seconds(), error: null, ...more };
  };
  const diverged = async (broken: FeedStep, more: Partial<EndEvent> = {}) =>
    end('diverged', { ...more, diverged: await whereDiverged(options, broken, progress.step) });

  let dev: Evaluated | null = null;
  for (let epoch = 1; epoch <= experiment.training.epochs; epoch++) {
    const outcome = await trainEpoch(options, epoch, progress, clock);
    if (outcome.status === 'stopped') return end('stopped');
    if (outcome.status === 'diverged') return diverged(outcome.broken);
    const measured = await evaluate(options, splits.dev);
    if (measured === 'stopped') return end('stopped');
    dev = measured;
    const train = { ...outcome.train, ...(await penaltyNow(options)) };
    const devMetrics = dev && dev.metrics;
    host.emit({ type: 'epoch', epoch, step: progress.step, train, dev: devMetrics, seconds: clock.seconds() });
    progress.history.push(devMetrics ?? train);
    await host.yieldTask();
    // The last update of an epoch may have broken the weights behind the last loss.
    if (devMetrics?.loss === null) return diverged(firstOf(splits.dev, options));
    if (devMetrics && (await stopping?.observe(epoch, devMetrics))) break;
  }
  const best = stopping ? { best: await stopping.finish() } : {};
  const test = await evaluate(options, splits.test);
  if (test === 'stopped') return end('stopped', best);
  if (test?.metrics.loss === null) return diverged(firstOf(splits.test, options), { ...best, test: test.metrics });
  // Without a test set the dev set tells who was taken for whom, measured again where other weights were put back.
  const shown = test ?? (best.best?.restored ? await evaluate(options, splits.dev) : dev);
  if (shown === 'stopped') return end('stopped', best);
  const on = test ? 'test' : 'dev';
  const reports = shown?.reports.map((report) => ({ on, ...report }) as const) ?? [];
  const final = await finalOf(options, splits.train);
  if (final === 'stopped') return end('stopped', best);
  if (!isWhole(final)) return diverged(firstOf(splits.train, options), { ...best, test: test && test.metrics });
  return end('completed', { test: test && test.metrics, ...best, final, ...(reports.length > 0 && { reports }) });
}

/** Whether all that became of the network is numbers: without dev and test sets nothing else has looked behind the last update. */
const isWhole = ({ train, weights }: Final): boolean =>
  train.loss !== null && weights.every(({ values }) => values.mean !== null);

/** What the weights cost by themselves at the end of an epoch. */
async function penaltyNow({ experiment, plan, engine }: LoopOptions): Promise<{ penalty?: number | null }> {
  const { regularize } = experiment.training;
  return isPenalized(regularize) ? { penalty: finite(penaltyIn(plan, regularize, await engine.read('w'))) } : {};
}

async function whereDiverged({ plan, table, engine }: LoopOptions, broken: FeedStep, step: number) {
  return { step, ...(await findDivergence(plan, table, await engine.read('w'), broken)) };
}

/** The first mini-batch of an evaluation. */
const firstOf = (rows: Int32Array, { plan }: LoopOptions): FeedStep => {
  return { rows, at: 0, count: Math.min(plan.batchSize, rows.length), step: 0, mode: 'evaluation' };
};

type EpochOutcome =
  | { readonly status: 'completed'; readonly train: Metrics }
  | { readonly status: 'stopped' }
  | { readonly status: 'diverged'; readonly broken: FeedStep };

async function trainEpoch(
  options: LoopOptions,
  epoch: number,
  progress: Progress,
  clock: Stopwatch
): Promise<EpochOutcome> {
  const { experiment, plan, engine, splits, controls, host } = options;
  const batches = epochBatches(splits.train, plan.batchSize, experiment.seed, epoch);
  const numbersOf = stepNumbers(experiment, batches.steps, progress.history);
  const total = new Float64Array(plan.measures.length);
  for (let at = 0; at < batches.steps;) {
    if (!(await mayGoOn(controls, host, clock, progress.step))) return { status: 'stopped' };
    const wanted = engine.constantCost ? engine.maxSteps : progress.chunk;
    const steps = Math.min(wanted, engine.maxSteps, batches.steps - at);
    const chunk = batches.take(at, steps, progress.step + 1, numbersOf);
    const sums = plan.measures.map(() => new Float64Array(steps));
    const startedMs = host.nowMs();
    const done = await engine.train(chunk, sums);
    const ms = host.nowMs() - startedMs;
    const seen = Math.min(done + 1, steps);
    emitSteps(options, { from: progress.step + 1, seen, sums, counts: chunk.counts, seconds: clock.seconds() });
    progress.step += seen;
    if (done < steps) {
      const count = chunk.counts[done]!;
      const broken = { rows: chunk.rows, at: done * plan.batchSize, count, step: progress.step } as const;
      return { status: 'diverged', broken: { ...broken, mode: 'training' } };
    }
    for (const [measure, sum] of sums.entries()) for (let s = 0; s < steps; s++) total[measure]! += sum[s]!;
    at += steps;
    progress.chunk = nextChunk(progress.chunk, steps, ms);
    await host.yieldTask();
  }
  return { status: 'completed', train: metricsOf(plan, total, splits.train.length) };
}

/** As many steps as take CHUNK_MS at the speed of the last call, carefully more. */
const nextChunk = (chunk: number, steps: number, ms: number): number =>
  Math.max(1, Math.min(chunk * 4, Math.round((steps * CHUNK_MS) / Math.max(ms, 0.01)), 4096));

interface SeenSteps {
  readonly from: number;
  readonly seen: number;
  readonly sums: readonly Float64Array[];
  readonly counts: Int32Array;
  readonly seconds: number;
}

function emitSteps({ plan, host }: LoopOptions, { from, seen, sums, counts, seconds }: SeenSteps): void {
  const points = Array.from({ length: seen }, (_, s) =>
    metricsOf(
      plan,
      sums.map((sum) => sum[s]!),
      counts[s]!
    )
  );
  const [loss, accuracy] = [points.map((point) => point.loss), points.map((point) => point.accuracy)];
  host.emit({ type: 'steps', from, loss, accuracy, seconds });
}

/** Waits while paused; false when the run is to stop. */
async function mayGoOn(controls: Controls, host: LoopHost, clock: Stopwatch, step: number): Promise<boolean> {
  if (controls.wanted === 'pause') {
    clock.pause();
    host.emit({ type: 'pause', step });
    while (controls.wanted === 'pause') await controls.changed();
    clock.resume();
    if (controls.wanted === 'run') host.emit({ type: 'resume', step });
  }
  return controls.wanted === 'run';
}
