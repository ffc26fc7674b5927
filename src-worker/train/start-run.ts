/** Gets a run ready, at its first step or at a checkpoint, and trains it to its end. */
import type { BackendHost } from '../backends/backend.ts';
import { backends, successors } from '../backends/table.ts';
import type { Appointment } from '../contract/agenda.ts';
import type { Checkpoint } from '../contract/checkpoint.ts';
import type { Experiment } from '../contract/experiment.ts';
import { beyond } from '../contract/retrace.ts';
import type { BackendRequest, EndEvent, RunEvent, StartEvent } from '../contract/run.ts';
import type { RunMessage } from '../contract/thread.ts';
import type { Plan } from '../plan/plan.ts';
import { Agenda } from './agenda.ts';
import { Checkpointer } from './checkpointer.ts';
import { chooseEngine, type Choice } from './choose.ts';
import type { Controls } from './controls.ts';
import { epochBatches } from './epoch-batches.ts';
import { namesMeasured } from './evaluate.ts';
import { FailoverEngine, type Arenas } from './failover.ts';
import { initialParameters } from './initialize.ts';
import { trainLoop, type LoopHost } from './loop.ts';
import { emptyArenas } from './move-arenas.ts';
import { planFor } from './plan-for.ts';
import { prepareData, type PreparedData } from './prepare-data.ts';
import { fromBytes } from './run-state.ts';
import { Session, type SessionParts } from './session.ts';
import { stepNumbers } from './step-numbers.ts';
import { Stopwatch } from './stopwatch.ts';

/** What the thread gives. */
export interface StartHost extends BackendHost {
  /** Lets waiting messages in: a macrotask. */
  yieldTask(): Promise<void>;
}

interface RunHost extends StartHost, LoopHost {
  save(checkpoint: Checkpoint, state: Uint8Array<ArrayBuffer>): void;
}

/** Resolves with the end of the run; the caller sends it. Throws: as prepareData, makePlan and chooseEngine; `bad_checkpoint`. */
export async function startRun(message: RunMessage, controls: Controls, host: RunHost): Promise<EndEvent> {
  const { begin, agenda: planned = [], record = [] } = message;
  const startedMs = host.nowMs();
  const state = begin?.state ? fromBytes(begin.state) : null;
  const resume = begin?.resume ?? null;
  const experiment = state && begin!.isOwn ? state.experiment : message.experiment;
  const data = prepareData(experiment, message.dataset);
  const preparing = prepare({ ...message, experiment }, data, host);
  const ready = await Promise.race([preparing, untilStopped(controls)]);
  if (ready === 'stopped') {
    void closeWhenReady(preparing);
    const seconds = (host.nowMs() - startedMs) / 1000;
    return { type: 'end', status: 'stopped', step: resume?.steps ?? 0, test: null, seconds, error: null };
  }
  const { engine } = ready.choice;
  if (resume) {
    const { backend, detail, threads } = engine;
    host.emit({ type: 'reopen', step: resume.steps, backend, detail, threads });
  } else host.emit({ ...startOf(experiment, data, ready), ...(begin?.from && { from: begin.from }) });

  const emit = (event: RunEvent) => {
    // What a resumed run does again, up to where its record ends, is not told again.
    const news = resume ? beyond(resume, event) : event;
    if (news) host.emit(news);
  };
  const session = makeSession({ message, experiment, data, ready, host, emit });
  if (state) await (begin!.isOwn ? session.restore(state) : session.adopt(state));
  if (resume) session.place.line = resume.line;
  const agenda = resume ? resumedAgenda(state?.planned ?? planned, record) : new Agenda(planned, record);
  const clock = new Stopwatch(host.nowMs, state?.seconds);
  const keeping = { session, agenda, clock, nowMs: host.nowMs, save: host.save, saved: begin?.checkpoints ?? 0 };
  const checkpointer = message.checkpoints === false ? null : new Checkpointer(keeping);
  return trainLoop({ session, controls, agenda, clock, checkpointer, host: { ...host, emit } }).finally(() =>
    session.engine.close()
  );
}

/** What was planned at the checkpoint and has since been done is on record. */
function resumedAgenda(planned: readonly Appointment[], record: readonly Appointment[]): Agenda {
  const done = record.map(({ act }) => JSON.stringify(act));
  const open = planned.filter(({ act }) => {
    const at = done.indexOf(JSON.stringify(act));
    if (at >= 0) done.splice(at, 1);
    return at < 0;
  });
  return new Agenda(
    open,
    record.map((one) => ({ ...one, recorded: true }) as const)
  );
}

interface Prepared {
  readonly choice: Choice;
  readonly plan: Plan;
  readonly initial: Float32Array;
}

async function prepare(
  { experiment, backend, threads }: Pick<RunMessage, 'experiment' | 'backend' | 'threads'>,
  data: PreparedData,
  host: BackendHost
): Promise<Prepared> {
  const { splits, table } = data;
  const plan = planFor(experiment, data);
  const batches = epochBatches(splits.train, plan.batchSize, experiment.seed, 1);
  const numbersOf = stepNumbers(experiment, batches.steps);
  let drawn: Float32Array | null = null;
  const initial = () => (drawn ??= initialParameters(plan, experiment.seed));
  const choice = await chooseEngine({
    request: backend,
    backends,
    prepare: { plan, table, host, threads },
    sample: batches.take(0, Math.min(batches.steps, 16), 1, (step) => ({ ...numbersOf(step), learningRate: 1e-6 })),
    get initial() {
      return initial();
    }
  });
  return { choice, plan, initial: initial() };
}

/** Preparing may take a while, or for ever where another thread never answers: a stop must get through all the same. */
async function untilStopped(controls: Controls): Promise<'stopped'> {
  while (controls.wanted !== 'stop') await controls.changed();
  return 'stopped';
}

/** Of a run that nobody waits for any more: an engine that comes late ends its threads; one that fails has nothing left to tell. */
async function closeWhenReady(preparing: Promise<Prepared>): Promise<void> {
  const late = await preparing.catch(() => null);
  await late?.choice.engine.close().catch(() => undefined);
}

function startOf(experiment: Experiment, data: PreparedData, { choice, plan }: Prepared): StartEvent {
  const { splits, normalization, targets } = data;
  const { engine, why, candidates } = choice;
  const { backend, detail, threads } = engine;
  return {
    ...{ type: 'start', backend, detail, threads, why, candidates },
    parameters: plan.parameters.reduce((sum, { size }) => sum + size, 0),
    batchSize: plan.batchSize,
    epochs: experiment.training.epochs,
    stepsPerEpoch: Math.ceil(splits.train.length / plan.batchSize),
    metrics: namesMeasured({ plan, experiment }),
    counts: { train: splits.train.length, dev: splits.dev.length, test: splits.test.length },
    normalization: { kind: experiment.data.normalize, ...normalization },
    targets: { kind: experiment.data.normalizeTargets, ...targets }
  };
}

interface Making {
  readonly message: RunMessage;
  readonly experiment: Experiment;
  readonly data: PreparedData;
  readonly ready: Prepared;
  readonly host: BackendHost;
  emit(event: RunEvent): void;
}

/** With an engine that outlives its device, and another one for every change that needs one. */
function makeSession({ message, experiment, data, ready, host, emit }: Making): Session {
  const { table } = data;
  const { plan, initial, choice } = ready;
  const surviving = (engine: SessionParts['engine'], own: Plan, arenas: Arenas, threads: number) =>
    new FailoverEngine({
      ...{ engine, arenas, backends: successors, prepare: { plan: own, table, host, threads } },
      wasAsked: message.backend !== ('auto' satisfies BackendRequest),
      onMove: (moved) => emit({ type: 'backend', ...moved })
    });
  const session: Session = new Session({
    ...{ experiment, plan, data },
    engine: surviving(choice.engine, plan, { ...emptyArenas(plan), w: initial }, message.threads),
    async engineFor(other, arenas) {
      const { backend, threads } = session.engine;
      const { prepare: build } = backends.find(({ name }) => name === backend)!;
      const engine = surviving(await build({ plan: other, table, host, threads }), other, arenas, threads);
      for (const [name, values] of Object.entries(arenas)) await engine.write(name, values);
      return engine;
    }
  });
  return session;
}
