/**
 * The training loop: epochs of mini-batches, measured as they go, that can be changed, paused and stopped between any two calls of the
 * engine.
 *
 * It works in chunks of steps so that a call takes some 25 ms: long enough to cost nothing, short enough that commands get through.
 * How the steps are cut into chunks never changes a result.
 */
import type { FeedStep } from '../backends/feed.ts';
import type { EndEvent, EndStatus, Final, RunEvent } from '../contract/run.ts';
import type { Agenda } from './agenda.ts';
import type { Checkpointer } from './checkpointer.ts';
import type { Controls } from './controls.ts';
import { findDivergence } from './divergence.ts';
import { epochBatches } from './epoch-batches.ts';
import { evaluate, type Evaluated, type EvaluateOptions } from './evaluate.ts';
import { finalOf } from './final.ts';
import { Keepsakes } from './keepsakes.ts';
import { finite, metricsOf } from './measures.ts';
import { keepAppointments } from './perform.ts';
import { isPenalized, penaltyIn } from './penalty.ts';
import type { Session } from './session.ts';
import { stepNumbers } from './step-numbers.ts';
import type { Stopwatch } from './stopwatch.ts';

const CHUNK_MS = 25;

/** What the loop needs from its thread. */
export interface LoopHost {
  emit(event: RunEvent): void;
  nowMs(): number;
  /** Lets waiting messages in. */
  yieldTask(): Promise<void>;
}

export interface LoopOptions {
  readonly session: Session;
  readonly controls: Controls;
  readonly agenda: Agenda;
  readonly clock: Stopwatch;
  /** null: nothing is kept. */
  readonly checkpointer: Checkpointer | null;
  readonly host: LoopHost;
}

/** All that is handed from function to function. */
export interface Loop extends LoopOptions {
  readonly keepsakes: Keepsakes;
  /** Steps of the next call of the engine. */
  chunk: number;
  /** Of the epoch before. */
  dev: Evaluated | null;
}

type Outcome =
  { readonly status: 'completed' | 'stopped' | 'moved' } | { readonly status: 'diverged'; readonly broken: FeedStep };

/** Resolves with the end of the run; the caller sends it. */
export async function trainLoop(options: LoopOptions): Promise<EndEvent> {
  const loop: Loop = { ...options, keepsakes: new Keepsakes(options.agenda.returns), chunk: 1, dev: null };
  const outcome = await trainEpochs(loop);
  if (outcome.status === 'diverged') return diverged(loop, outcome.broken);
  await loop.checkpointer?.finish();
  return outcome.status === 'stopped' ? ended(loop, 'stopped') : complete(loop);
}

/** From where the session is to the end of its last epoch. */
async function trainEpochs(loop: Loop): Promise<Outcome> {
  for (;;) {
    const turn = await mayGoOn(loop);
    if (turn === 'moved') continue;
    const { session } = loop;
    if (turn === 'stopped') return { status: turn };
    if (session.place.epoch > session.experiment.training.epochs) return { status: 'completed' };
    const outcome = await trainEpoch(loop);
    if (outcome.status === 'moved') continue;
    if (outcome.status !== 'completed') return outcome;
    const measured = await endEpoch(loop);
    if (measured !== 'next') return measured;
  }
}

/** The steps of the epoch that are still to be done. */
async function trainEpoch(loop: Loop): Promise<Outcome> {
  const { session, host } = loop;
  const { experiment, plan, data, place } = session;
  const batches = epochBatches(data.splits.train, plan.batchSize, experiment.seed, place.epoch);
  while (session.place.at < batches.steps) {
    const turn = await mayGoOn(loop);
    if (turn !== 'on') return { status: turn };
    const broken = await trainChunk(loop, batches);
    if (broken) return { status: 'diverged', broken };
    await host.yieldTask();
    await loop.checkpointer?.takeNowAndThen();
  }
  return { status: 'completed' };
}

/** Some steps at once; answers the mini-batch of the step whose loss is not finite. */
async function trainChunk(loop: Loop, batches: ReturnType<typeof epochBatches>): Promise<FeedStep | null> {
  const { session, agenda, host, clock } = loop;
  const { experiment, plan, engine, place, history } = session;
  const ahead = place.step - ((place.epoch - 1) * batches.steps + place.at);
  const wanted = engine.constantCost ? engine.maxSteps : loop.chunk;
  const steps = Math.min(wanted, engine.maxSteps, batches.steps - place.at, agenda.stepsUntilNext(place));
  const numbersOf = stepNumbers(experiment, batches.steps, { history, ahead });
  const chunk = batches.take(place.at, steps, place.step + 1, numbersOf);
  const sums = plan.measures.map(() => new Float64Array(steps));
  const startedMs = host.nowMs();
  const done = await engine.train(chunk, sums);
  loop.chunk = nextChunk(loop.chunk, steps, host.nowMs() - startedMs);
  const seen = Math.min(done + 1, steps);
  emitSteps(loop, { from: place.step + 1, seen, sums, counts: chunk.counts, seconds: clock.seconds() });
  place.step += seen;
  if (done < steps) {
    const count = chunk.counts[done]!;
    return { rows: chunk.rows, at: done * plan.batchSize, count, step: place.step, mode: 'training' };
  }
  for (const [measure, sum] of sums.entries()) for (let s = 0; s < steps; s++) session.totals[measure]! += sum[s]!;
  place.at += steps;
  return null;
}

/** Measures, tells and remembers the epoch; `next` where another may follow. */
async function endEpoch(loop: Loop): Promise<Outcome | 'next'> {
  const { session, host, clock } = loop;
  const { place, plan, data, totals } = session;
  const measured = await evaluate(measuring(loop), data.splits.dev);
  if (measured === 'stopped') return { status: 'stopped' };
  const { epoch, step } = place;
  const trained = metricsOf(plan, totals, data.splits.train.length);
  const train = { ...trained, ...(await penaltyNow(session)) };
  const dev = measured && measured.metrics;
  host.emit({ type: 'epoch', epoch, step, train, dev, seconds: clock.seconds() });
  loop.dev = measured;
  session.totals.fill(0);
  session.history.push(dev ?? train);
  Object.assign(place, { epoch: epoch + 1, at: 0 });
  await host.yieldTask();
  // The last update of an epoch may have broken the weights behind the last loss.
  if (dev?.loss === null) return { status: 'diverged', broken: firstOf(data.splits.dev, session) };
  const isOver = dev !== null && (await session.stopping?.observe(epoch, dev, session.engine));
  await loop.checkpointer?.observe(dev ?? train);
  return isOver ? { status: 'completed' } : 'next';
}

/** All epochs are done, or early stopping has ended them: the finished network is measured. */
async function complete(loop: Loop): Promise<EndEvent> {
  const { session } = loop;
  const { splits } = session.data;
  const best = session.stopping ? { best: await session.stopping.finish(session.engine) } : {};
  const options = measuring(loop);
  const test = await evaluate(options, splits.test);
  if (test === 'stopped') return ended(loop, 'stopped', best);
  if (test?.metrics.loss === null)
    return diverged(loop, firstOf(splits.test, session), { ...best, test: test.metrics });
  // Without a test set the dev set tells who was taken for whom, measured again where other weights were put back.
  const known = best.best?.restored ? null : loop.dev;
  const shown = test ?? known ?? (await evaluate(options, splits.dev));
  if (shown === 'stopped') return ended(loop, 'stopped', best);
  const on = test ? 'test' : 'dev';
  const reports = shown?.reports.map((report) => ({ on, ...report }) as const) ?? [];
  const final = await finalOf(options, splits.train);
  if (final === 'stopped') return ended(loop, 'stopped', best);
  if (!isWhole(final)) return diverged(loop, firstOf(splits.train, session), { ...best, test: test && test.metrics });
  return ended(loop, 'completed', {
    test: test && test.metrics,
    ...best,
    final,
    ...(reports.length > 0 && { reports })
  });
}

function ended({ session, clock }: Loop, status: EndStatus, more: Partial<EndEvent> = {}): EndEvent {
  return { type: 'end', status, step: session.place.step, test: null, seconds: clock.seconds(), error: null, ...more };
}

async function diverged(loop: Loop, broken: FeedStep, more: Partial<EndEvent> = {}): Promise<EndEvent> {
  const { plan, data, engine, place } = loop.session;
  const found = await findDivergence(plan, data.table, await engine.read('w'), broken);
  return ended(loop, 'diverged', { ...more, diverged: { step: place.step, ...found } });
}

const measuring = ({ session, controls, host }: Loop): EvaluateOptions => {
  const { experiment, plan, engine, data } = session;
  return { experiment, plan, engine, ...data, controls, host };
};

/** Whether all that became of the network is numbers: without dev and test sets nothing else has looked behind the last update. */
const isWhole = ({ train, weights }: Final): boolean =>
  train.loss !== null && weights.every(({ values }) => values.mean !== null);

/** What the weights cost by themselves at the end of an epoch. */
async function penaltyNow({ experiment, plan, engine }: Session): Promise<{ penalty?: number | null }> {
  const { regularize } = experiment.training;
  return isPenalized(regularize) ? { penalty: finite(penaltyIn(plan, regularize, await engine.read('w'))) } : {};
}

/** The first mini-batch of an evaluation. */
const firstOf = (rows: Int32Array, { plan }: Session): FeedStep => {
  return { rows, at: 0, count: Math.min(plan.batchSize, rows.length), step: 0, mode: 'evaluation' };
};

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

function emitSteps({ session, host }: Loop, { from, seen, sums, counts, seconds }: SeenSteps): void {
  const points = Array.from({ length: seen }, (_, s) =>
    metricsOf(
      session.plan,
      sums.map((sum) => sum[s]!),
      counts[s]!
    )
  );
  const [loss, accuracy] = [points.map((point) => point.loss), points.map((point) => point.accuracy)];
  host.emit({ type: 'steps', from, loss, accuracy, seconds });
}

/** Does what is due, and waits while paused. `moved`: the session is somewhere else. */
async function mayGoOn(loop: Loop): Promise<'on' | 'moved' | 'stopped'> {
  const { session, controls, host, clock } = loop;
  let hasMoved = await keepAppointments(loop);
  if (controls.wanted === 'pause') {
    clock.pause();
    host.emit({ type: 'pause', step: session.place.step });
    for (;;) {
      hasMoved = (await keepAppointments(loop)) || hasMoved;
      if (controls.wanted !== 'pause') break;
      await controls.changed();
    }
    clock.resume();
    if (controls.wanted === 'run') host.emit({ type: 'resume', step: session.place.step });
  }
  if (controls.wanted === 'stop') return 'stopped';
  return hasMoved ? 'moved' : 'on';
}
