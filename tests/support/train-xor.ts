/** The xor preset trained on the reference backend, without a thread: one list of events. */
import type { Engine, PrepareOptions } from '../../src-worker/backends/backend.ts';
import { reference } from '../../src-worker/backends/reference/reference.ts';
import { setPath } from '../../src-worker/contract/paths.ts';
import type { RunEvent } from '../../src-worker/contract/run.ts';
import { generateDataset } from '../../src-worker/data/generators/generator.ts';
import { generators } from '../../src-worker/data/generators/table.ts';
import { expandNormalization, fitNormalization } from '../../src-worker/data/normalize.ts';
import { splitExamples } from '../../src-worker/data/split.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../src-worker/plan/make-plan.ts';
import { initialParameters } from '../../src-worker/train/initialize.ts';
import type { Appointment } from '../../src-worker/contract/agenda.ts';
import type { Checkpoint } from '../../src-worker/contract/checkpoint.ts';
import { Agenda } from '../../src-worker/train/agenda.ts';
import { Checkpointer } from '../../src-worker/train/checkpointer.ts';
import { LiveControls, type Controls } from '../../src-worker/train/controls.ts';
import { trainLoop } from '../../src-worker/train/loop.ts';
import { Session } from '../../src-worker/train/session.ts';
import { Stopwatch } from '../../src-worker/train/stopwatch.ts';
import { plainHost } from './backends.ts';
import { presetSpec } from './datasets.ts';

export const xor = generateDataset(generators['xor']!);

export interface Given {
  changes?: Record<string, unknown>;
  controls?: Controls;
  /** A clock of our own; one tick a reading by default. */
  nowMs?: () => number;
  onEvent?: (event: RunEvent) => void;
  testCount?: number;
  agenda?: readonly Appointment[];
  save?: (checkpoint: Checkpoint, state: Uint8Array<ArrayBuffer>) => void;
  /** What trains, with the first weights; the reference backend unless given. */
  engineOf?: (prepare: PrepareOptions, emit: (event: RunEvent) => void) => Promise<Engine>;
}

/** The plan of the preset with some settings changed, and all that it is trained with. */
export function xorPlan(changes: Record<string, unknown>, testCount = 500) {
  let spec: unknown = presetSpec('xor');
  for (const [path, value] of Object.entries({ 'training.epochs': 3, ...changes })) spec = setPath(spec, path, value);
  const { experiment, problems } = checkExperiment(spec, [xor.info]);
  if (!experiment) throw new Error(JSON.stringify(problems));
  const { data, seed } = experiment;
  const parts = splitExamples({
    labels: xor.labels.subarray(0, 1000),
    classes: 2,
    limit: data.limit,
    split: data.split,
    seed
  });
  const table = { ...xor, ...expandNormalization(fitNormalization(data.normalize, xor, parts.train), xor.info) };
  const plan = makePlan(experiment, { shape: [2], classes: 2, values: [], examples: parts.train.length });
  const splits = { ...parts, test: Int32Array.from({ length: testCount }, (_, i) => 1000 + i) };
  return { experiment, plan, table, splits, initial: initialParameters(plan, seed) };
}

export async function trainXor(given: Given = {}): Promise<RunEvent[]> {
  const { controls = new LiveControls(), nowMs = ticking(), onEvent, engineOf = reference.prepare } = given;
  const { experiment, plan, table, splits, initial } = xorPlan(given.changes ?? {}, given.testCount);
  const events: RunEvent[] = [];
  const emit = (event: RunEvent) => {
    events.push(event);
    onEvent?.(event);
  };
  const engine = await engineOf({ plan, table, host: plainHost, threads: 1 }, emit);
  await engine.write('w', initial);
  const data = {
    splits,
    table,
    info: xor.info,
    targets: { shift: [], scale: [] },
    normalization: { shift: [], scale: [] }
  };
  const session = new Session({
    ...{ experiment, plan, engine, data },
    async engineFor(other, arenas) {
      const next = await engineOf({ plan: other, table, host: plainHost, threads: 1 }, emit);
      for (const [name, values] of Object.entries(arenas)) await next.write(name, values);
      return next;
    }
  });
  const host = { emit, nowMs, yieldTask: () => new Promise<void>((resolve) => setImmediate(resolve)) };
  const agenda = new Agenda(given.agenda);
  const clock = new Stopwatch(nowMs);
  const save = given.save ?? (() => {});
  const checkpointer = new Checkpointer({ session, agenda, clock, nowMs, save });
  events.push(await trainLoop({ session, controls, agenda, clock, checkpointer, host }));
  return events;
}

/** Each reading of this clock is `step` ms later. */
export function ticking(step = 1): () => number {
  let now = 0;
  return () => (now += step);
}

export const lossesOf = (events: RunEvent[]) => events.flatMap((event) => (event.type === 'steps' ? event.loss : []));
export const endOf = (events: RunEvent[]) => events.at(-1) as Extract<RunEvent, { type: 'end' }>;
