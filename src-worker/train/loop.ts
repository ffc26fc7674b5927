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
import { learningRateAt } from '../schedules/learning-rate.ts';
import { EarlyStopping } from './early-stopping.ts';
import { epochBatches } from './epoch-batches.ts';

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
  const { optimizer, schedule, epochs } = experiment.training;
  const base = (optimizer as unknown as { learningRate: number }).learningRate;
  const length = { stepsPerEpoch: batches.steps, epochs };
  const rateOf = (step: number) => learningRateAt(step - 1, base, schedule, length);
  const total = { loss: 0, correct: 0 };
  const metrics = () => ({
    loss: finite(total.loss / splits.train.length),
    accuracy: total.correct / splits.train.length
  });
  for (let at = 0; at < batches.steps;) {
    if (!(await mayGoOn(controls, host, clock, progress.step))) return { status: 'stopped', train: metrics() };
    const wanted = engine.constantCost ? engine.maxSteps : progress.chunk;
    const steps = Math.min(wanted, engine.maxSteps, batches.steps - at);
    const chunk = batches.take(at, steps, progress.step + 1, rateOf);
    const sums = { loss: new Float64Array(steps), correct: new Float64Array(steps) };
    const startedMs = host.nowMs();
    await engine.train(chunk, sums);
    const ms = host.nowMs() - startedMs;
    const means = stepMeans(sums, chunk.counts);
    const broken = means.loss.indexOf(null);
    const kept = broken < 0 ? steps : broken + 1;
    host.emit({
      type: 'steps',
      from: progress.step + 1,
      loss: means.loss.slice(0, kept),
      accuracy: means.accuracy.slice(0, kept),
      seconds: clock.seconds()
    });
    progress.step += kept;
    if (broken >= 0) return { status: 'diverged', train: metrics() };
    for (let s = 0; s < steps; s++) {
      total.loss += sums.loss[s]!;
      total.correct += sums.correct[s]!;
    }
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

function stepMeans({ loss, correct }: { loss: Float64Array; correct: Float64Array }, counts: Int32Array) {
  return {
    loss: Array.from(loss, (sum, s) => finite(sum / counts[s]!)),
    accuracy: Array.from(correct, (sum, s) => sum / counts[s]!)
  };
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
  const total = { loss: 0, correct: 0 };
  for (let at = 0; at < rows.length; at += slice) {
    const { loss, correct } = await engine.evaluate(rows.subarray(at, at + slice));
    total.loss += loss;
    total.correct += correct;
    await host.yieldTask();
    if (controls.wanted === 'stop') return 'stopped';
  }
  return { loss: finite(total.loss / rows.length), accuracy: total.correct / rows.length };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

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
