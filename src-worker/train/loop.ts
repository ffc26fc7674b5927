/**
 * The training loop: epochs of mini-batches, measured as they go, that can be paused and stopped between any two calls of the engine.
 *
 * It works in chunks of steps so that a call takes some 25 ms: long enough to cost nothing, short enough that commands get through.
 * How the steps are cut into chunks never changes a result.
 */
import type { Engine } from '../backends/backend.ts';
import type { Experiment } from '../contract/experiment.ts';
import type { EndEvent, EndStatus, Metrics, RunEvent } from '../contract/run.ts';
import type { Plan } from '../plan/plan.ts';
import { EarlyStopping } from './early-stopping.ts';
import { epochBatches } from './epoch-batches.ts';
import { metricsOf } from './measures.ts';
import { stepNumbers } from './step-numbers.ts';

const CHUNK_MS = 25;
const SLICE_ROWS = 2048;

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

export interface LoopOptions {
  readonly experiment: Experiment;
  readonly plan: Plan;
  readonly engine: Engine;
  readonly splits: Splits;
  readonly controls: Controls;
  readonly host: LoopHost;
}

/** Resolves with the end of the run; the caller sends it. */
export async function trainLoop(options: LoopOptions): Promise<EndEvent> {
  const { experiment, engine, host } = options;
  const clock = new Stopwatch(host.nowMs);
  const progress = { step: 0, chunk: 1 };
  const { earlyStopping } = experiment.training;
  const stopping = earlyStopping && new EarlyStopping(earlyStopping, engine);
  const end = (status: EndStatus, test: Metrics | null = null, best: Pick<EndEvent, 'best'> = {}): EndEvent => {
    return { type: 'end', status, step: progress.step, test, seconds: clock.seconds(), ...best, error: null };
  };
  for (let epoch = 1; epoch <= experiment.training.epochs; epoch++) {
    const outcome = await trainEpoch(options, epoch, progress, clock);
    if (outcome.status !== 'completed') return end(outcome.status);
    const dev = await measure(options, options.splits.dev);
    if (dev === 'stopped') return end('stopped');
    host.emit({ type: 'epoch', epoch, step: progress.step, train: outcome.train, dev, seconds: clock.seconds() });
    await host.yieldTask();
    // The last update of an epoch may have broken the weights behind the last loss.
    if (dev && dev.loss === null) return end('diverged');
    if (dev && (await stopping?.observe(epoch, dev))) break;
  }
  const best = stopping ? { best: await stopping.finish() } : {};
  const test = await measure(options, options.splits.test);
  if (test === 'stopped') return end('stopped', null, best);
  return end(test && test.loss === null ? 'diverged' : 'completed', test, best);
}

async function trainEpoch(
  { experiment, plan, engine, splits, controls, host }: LoopOptions,
  epoch: number,
  progress: { step: number; chunk: number },
  clock: Stopwatch
): Promise<{ status: 'completed' | 'stopped' | 'diverged'; train: Metrics }> {
  const batches = epochBatches(splits.train, plan.batchSize, experiment.seed, epoch);
  const numbersOf = stepNumbers(experiment, batches.steps);
  const total = new Float64Array(plan.measures.length);
  const metrics = () => metricsOf(plan, total, splits.train.length);
  for (let at = 0; at < batches.steps;) {
    if (!(await mayGoOn(controls, host, clock, progress.step))) return { status: 'stopped', train: metrics() };
    const wanted = engine.constantCost ? engine.maxSteps : progress.chunk;
    const steps = Math.min(wanted, engine.maxSteps, batches.steps - at);
    const chunk = batches.take(at, steps, progress.step + 1, numbersOf);
    const sums = plan.measures.map(() => new Float64Array(steps));
    const startedMs = host.nowMs();
    const done = await engine.train(chunk, sums);
    const ms = host.nowMs() - startedMs;
    const seen = Math.min(done + 1, steps);
    const points = Array.from({ length: seen }, (_, s) =>
      metricsOf(
        plan,
        sums.map((sum) => sum[s]!),
        chunk.counts[s]!
      )
    );
    host.emit({
      type: 'steps',
      from: progress.step + 1,
      loss: points.map(({ loss }) => loss),
      accuracy: points.map(({ accuracy }) => accuracy),
      seconds: clock.seconds()
    });
    progress.step += seen;
    if (done < steps) return { status: 'diverged', train: metrics() };
    for (const [measure, sum] of sums.entries()) for (let s = 0; s < steps; s++) total[measure]! += sum[s]!;
    at += steps;
    progress.chunk = Math.max(
      1,
      Math.min(progress.chunk * 4, Math.round((steps * CHUNK_MS) / Math.max(ms, 0.01)), 4096)
    );
    await host.yieldTask();
  }
  return { status: 'completed', train: metrics() };
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

/**
 * Mean loss and share of right answers over the rows, with the weights as they are; null where there are no rows. It goes by slices of
 * a fixed size, so that a stop gets through and the sums are always added in the same order.
 */
async function measure(
  { plan, engine, controls, host }: LoopOptions,
  rows: Int32Array
): Promise<Metrics | null | 'stopped'> {
  if (rows.length === 0) return null;
  const slice = plan.batchSize * Math.ceil(SLICE_ROWS / plan.batchSize);
  const total = new Float64Array(plan.measures.length);
  for (let at = 0; at < rows.length; at += slice) {
    const sums = await engine.evaluate(rows.subarray(at, at + slice));
    for (const [measure, sum] of sums.entries()) total[measure]! += sum;
    await host.yieldTask();
    if (controls.wanted === 'stop') return 'stopped';
  }
  return metricsOf(plan, total, rows.length);
}

/** Training time without pauses. */
class Stopwatch {
  readonly #nowMs: () => number;
  #startedMs: number;
  #pausedMs: number | null = null;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
  }

  seconds(): number {
    return ((this.#pausedMs ?? this.#nowMs()) - this.#startedMs) / 1000;
  }

  pause(): void {
    this.#pausedMs = this.#nowMs();
  }

  resume(): void {
    this.#startedMs += this.#nowMs() - (this.#pausedMs ?? this.#nowMs());
    this.#pausedMs = null;
  }
}
