/**
 * One run in one thread: takes the run and its commands, sends its events.
 *
 * Not a pool and not a store: whoever starts the thread keeps the events. It knows no clock, no timer and no thread API; the two
 * entries (web-worker.ts, node-worker.ts) hand those in.
 */
import type { BackendHost } from './backends/backend.ts';
import { backends, successors } from './backends/table.ts';
import { flattenError } from './contract/errors.ts';
import type { BackendRequest, RunEvent } from './contract/run.ts';
import type { FromThread, RunMessage, ToThread } from './contract/thread.ts';
import { makePlan } from './plan/make-plan.ts';
import { chooseEngine } from './train/choose.ts';
import { epochBatches } from './train/epoch-batches.ts';
import { namesMeasured } from './train/evaluate.ts';
import { FailoverEngine } from './train/failover.ts';
import { stepNumbers } from './train/step-numbers.ts';
import { initialParameters } from './train/initialize.ts';
import { trainLoop, type Controls } from './train/loop.ts';
import { prepareData, type PreparedData } from './train/prepare-data.ts';

export interface RunnerHost extends BackendHost {
  send(events: FromThread): void;
  /** Lets waiting messages in: a macrotask. */
  yieldTask(): Promise<void>;
}

/** At most this often events are sent. */
const SEND_EVERY_MS = 100;

/** Give it every message of the thread, the run first. */
export function createRunner(host: RunnerHost): (message: ToThread) => void {
  const controls = new LiveControls();
  return (message) => {
    switch (message.type) {
      case 'run':
        void run(message, controls, host);
        return;
      case 'pause':
      case 'stop':
        controls.want(message.type);
        return;
      case 'resume':
        controls.want('run');
        return;
      default:
        message satisfies never;
    }
  };
}

async function run(message: RunMessage, controls: Controls, host: RunnerHost): Promise<void> {
  const outbox = new Outbox(host);
  const startedMs = host.nowMs();
  try {
    const { experiment } = message;
    const prepared = prepareData(experiment, message.dataset);
    const preparing = prepareEngine(message, prepared, host);
    const ready = await Promise.race([preparing, untilStopped(controls)]);
    if (ready === 'stopped') {
      void closeWhenReady(preparing);
      const seconds = (host.nowMs() - startedMs) / 1000;
      outbox.emit({ type: 'end', status: 'stopped', step: 0, test: null, seconds, error: null });
      return;
    }
    const { choice, plan, prepare, initial } = ready;
    outbox.emit({
      type: 'start',
      backend: choice.engine.backend,
      detail: choice.engine.detail,
      threads: choice.engine.threads,
      why: choice.why,
      candidates: choice.candidates,
      parameters: plan.parameters.reduce((sum, { size }) => sum + size, 0),
      batchSize: plan.batchSize,
      epochs: experiment.training.epochs,
      stepsPerEpoch: Math.ceil(prepared.splits.train.length / plan.batchSize),
      metrics: namesMeasured({ plan, experiment }),
      counts: {
        train: prepared.splits.train.length,
        dev: prepared.splits.dev.length,
        test: prepared.splits.test.length
      },
      normalization: { kind: experiment.data.normalize, ...prepared.normalization },
      targets: { kind: experiment.data.normalizeTargets, ...prepared.targets }
    });
    const { splits, table, info, targets } = prepared;
    const zeros = plan.states.map((state) => [state, new Float32Array(plan.arena)] as const);
    const engine = new FailoverEngine({
      engine: choice.engine,
      arenas: { w: initial, ...Object.fromEntries(zeros) },
      backends: successors,
      prepare,
      wasAsked: message.backend !== ('auto' satisfies BackendRequest),
      onMove: (moved) => outbox.emit({ type: 'backend', ...moved })
    });
    const loopHost = { emit: (event: RunEvent) => outbox.emit(event), nowMs: host.nowMs, yieldTask: host.yieldTask };
    const options = { experiment, plan, engine, table, info, targets, splits, controls, host: loopHost };
    const end = await trainLoop(options).finally(() => engine.close());
    outbox.emit(end);
  } catch (error) {
    const seconds = (host.nowMs() - startedMs) / 1000;
    outbox.emit({ type: 'end', status: 'failed', step: outbox.step, test: null, seconds, error: flattenError(error) });
  }
}

/** Preparing may take a while, or for ever where another thread never answers: a stop must get through all the same. */
async function untilStopped(controls: Controls): Promise<'stopped'> {
  while (controls.wanted !== 'stop') await controls.changed();
  return 'stopped';
}

/** Of a run that nobody waits for any more: an engine that comes late ends its threads; one that fails has nothing left to tell. */
async function closeWhenReady(preparing: ReturnType<typeof prepareEngine>): Promise<void> {
  const late = await preparing.catch(() => null);
  await late?.choice.engine.close().catch(() => undefined);
}

async function prepareEngine({ experiment, backend, threads }: RunMessage, data: PreparedData, host: RunnerHost) {
  const { info, splits, table } = data;
  const { shape, classes, values } = info;
  const plan = makePlan(experiment, { shape, classes: classes.length, values, examples: splits.train.length });
  const batches = epochBatches(splits.train, plan.batchSize, experiment.seed, 1);
  const numbersOf = stepNumbers(experiment, batches.steps);
  const prepare = { plan, table, host, threads };
  let drawn: Float32Array | null = null;
  const initial = () => (drawn ??= initialParameters(plan, experiment.seed));
  const choice = await chooseEngine({
    request: backend,
    backends,
    prepare,
    sample: batches.take(0, Math.min(batches.steps, 16), 1, (step) => ({ ...numbersOf(step), learningRate: 1e-6 })),
    get initial() {
      return initial();
    }
  });
  return { choice, plan, prepare, initial: initial() };
}

/** Commands as the loop sees them. */
class LiveControls implements Controls {
  #wanted: Controls['wanted'] = 'run';
  #wake: (() => void)[] = [];

  get wanted(): Controls['wanted'] {
    return this.#wanted;
  }

  /** A stop is final. */
  want(wanted: Controls['wanted']): void {
    if (this.#wanted !== 'stop') this.#wanted = wanted;
    for (const wake of this.#wake.splice(0)) wake();
  }

  changed(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }
}

/** Collects events and sends them at most ten times a second; consecutive `steps` become one. */
class Outbox {
  /** Steps seen so far. */
  step = 0;
  readonly #host: RunnerHost;
  #waiting: RunEvent[] = [];
  #sentMs = -Infinity;

  constructor(host: RunnerHost) {
    this.#host = host;
  }

  emit(event: RunEvent): void {
    const last = this.#waiting.at(-1);
    if (event.type === 'steps' && last?.type === 'steps') {
      last.loss.push(...event.loss);
      last.accuracy.push(...event.accuracy);
      last.seconds = event.seconds;
    } else this.#waiting.push(event);
    if (event.type === 'steps') this.step = event.from + event.loss.length - 1;
    // Small networks finish thousands of epochs a second; what a person waits for goes at once.
    const urgent = event.type !== 'steps' && event.type !== 'epoch';
    if (urgent || this.#host.nowMs() - this.#sentMs >= SEND_EVERY_MS) this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#host.send(this.#waiting);
    this.#waiting = [];
    this.#sentMs = this.#host.nowMs();
  }
}
