/**
 * Which backend trains a run: the one asked for, or, for `auto`, the fastest on this very plan, found by training a few steps on each.
 * A software GPU is never a candidate, whatever it would measure.
 */
import type { Backend, Batches, Engine, PrepareOptions } from '../backends/backend.ts';
import type { BackendRequest, Candidate } from '../contract/run.ts';
import type { Plan } from '../plan/plan.ts';
import { LabError } from '../contract/errors.ts';

/** Long enough for the compiler to have optimized the kernels, short enough that nobody waits. */
const WARM_UP_MS = 40;
const MEASURE_MS = 60;

export interface Choice {
  readonly engine: Engine;
  readonly candidates: Candidate[];
  /** One sentence for people. */
  readonly why: string;
}

export interface ChooseOptions {
  readonly request: BackendRequest;
  readonly backends: readonly Backend[];
  readonly prepare: PrepareOptions;
  /** Mini-batches to measure with. */
  readonly sample: Batches;
  /** Not looked at before an engine is ready: where none fits, nobody should wait for its draws. */
  readonly initial: Float32Array;
}

/** Throws: `backend_unavailable` when the one asked for, or none at all, can run here; `out_of_memory`. */
export async function chooseEngine(options: ChooseOptions): Promise<Choice> {
  const choice = options.request === 'auto' ? await fastest(options) : await asked(options, options.request);
  await choice.engine.write('w', options.initial);
  for (const state of options.prepare.plan.states)
    await choice.engine.write(state, new Float32Array(options.initial.length));
  return choice;
}

async function asked({ backends, prepare }: ChooseOptions, name: string): Promise<Choice> {
  const backend = backends.find((candidate) => candidate.name === name);
  const reason = backend ? await backend.unavailable('asked') : 'it is not part of this program';
  if (!backend || reason !== null)
    throw new LabError('backend_unavailable', `The backend ${name} cannot run here: ${reason}. Use --backend auto.`, {
      backend: name
    });
  return { engine: await backend.prepare(prepare), candidates: [], why: `${name} was asked for` };
}

async function fastest(options: ChooseOptions): Promise<Choice> {
  const candidates: Candidate[] = [];
  const tooLarge: LabError[] = [];
  let best: { engine: Engine; msPerStep: number } | null = null;
  for (const { backend, threads } of contenders(options)) {
    const reason = await backend.unavailable('auto');
    const tried = reason === null ? await attempt(options, backend, threads) : { reason, tooLarge: null };
    if ('reason' in tried) {
      if (tried.tooLarge) tooLarge.push(tried.tooLarge);
      candidates.push({ backend: backend.name, threads, detail: '', msPerStep: null, reason: tried.reason });
      continue;
    }
    const { engine, msPerStep } = tried;
    candidates.push({ backend: backend.name, threads: engine.threads, detail: engine.detail, msPerStep, reason: null });
    if (best !== null && best.msPerStep <= msPerStep) {
      await engine.close();
      continue;
    }
    await best?.engine.close();
    best = { engine, msPerStep };
  }
  if (!best) {
    // They say which batch would fit: fewer threads take a larger one.
    const closest = tooLarge.toSorted((a, b) => largestBatch(b) - largestBatch(a))[0];
    if (closest) throw closest;
    const reasons = candidates.map(({ backend, reason }) => `${backend}: ${reason}`).join('; ');
    throw new LabError('backend_unavailable', `No backend can train this network here (${reasons}).`, { candidates });
  }
  return { engine: best.engine, candidates, why: explain(best.engine, candidates) };
}

const largestBatch = ({ details }: LabError): number => Number(details['largestBatch'] ?? 0);

/** Every backend once; the one with threads also with a single one, which a small network may prefer. */
function contenders({ backends, prepare }: ChooseOptions): { backend: Backend; threads: number }[] {
  const several =
    prepare.threads === 0 && prepare.plan.shards > 1 && prepare.host.cores > 1 && prepare.host.sharedMemory;
  return backends.flatMap((backend) => [
    { backend, threads: prepare.threads },
    ...(backend.name === 'wasm' && several ? [{ backend, threads: 1 }] : [])
  ]);
}

async function attempt(options: ChooseOptions, backend: Backend, threads: number) {
  const { prepare, sample } = options;
  let engine: Engine | undefined;
  try {
    engine = await backend.prepare({ ...prepare, threads });
    await engine.write('w', options.initial);
    return { engine, msPerStep: await msPerStep(engine, prepare.plan, sample, prepare.host.nowMs) };
  } catch (error) {
    await engine?.close().catch(() => undefined); // what it failed of is the reason to tell
    const tooLarge = error instanceof LabError && error.code === 'out_of_memory' ? error : null;
    return { reason: error instanceof Error ? error.message : String(error), tooLarge };
  }
}

async function msPerStep(engine: Engine, { measures }: Plan, sample: Batches, nowMs: () => number): Promise<number> {
  const steps = Math.min(sample.steps, engine.maxSteps);
  const batches = { ...sample, steps };
  const sums = measures.map(() => new Float64Array(steps));
  for (const until = nowMs() + WARM_UP_MS; ;) {
    await engine.train(batches, sums);
    if (nowMs() >= until) break;
  }
  // The best of the calls: whatever else the machine does can only make one slower.
  let best = Infinity;
  for (const until = nowMs() + MEASURE_MS; ;) {
    const startedMs = nowMs();
    await engine.train(batches, sums);
    best = Math.min(best, (nowMs() - startedMs) / steps);
    if (nowMs() >= until) return best;
  }
}

function explain(engine: Engine, candidates: readonly Candidate[]): string {
  const measured = candidates.filter(({ msPerStep }) => msPerStep !== null);
  const own = measured.find(({ backend, threads }) => backend === engine.backend && threads === engine.threads)!;
  if (measured.length === 1)
    return `${engine.backend} (${engine.detail}) is the only backend that can train this network here`;
  const others = measured.filter((candidate) => candidate !== own);
  const rivals = others
    .map(({ backend, detail, msPerStep }) => `${backend} (${detail}) ${msPerStep!.toPrecision(3)} ms`)
    .join(', ');
  return `fastest on this network: ${own.msPerStep!.toPrecision(3)} ms a step, against ${rivals}`;
}
