/**
 * An engine that outlives its device: when a graphics processor is lost in the middle of a run, the next backend takes over with the same
 * numbers, and the run goes on with the same steps.
 *
 * An engine that has lost its device may still tell its arenas, as they were before the call that failed. Where it cannot, the run goes
 * back to the last copy that was kept and repeats, unseen, the steps made since.
 */
import type { Backend, Batches, Engine, PrepareOptions, Visit } from '../backends/backend.ts';
import { LabError } from '../contract/errors.ts';
import type { BackendEvent, BackendName } from '../contract/run.ts';

/** A copy is kept at most this often, and costs at most this share of the time. */
const COPY_EVERY_MS = 1000;
const COPY_SHARE = 0.02;
/** Rows to repeat, so that they stay few bytes however fast the steps are. */
const MOST_ROWS = 4e6;

export type Arenas = Readonly<Record<string, Float32Array>>;

export interface FailoverOptions {
  readonly engine: Engine;
  /** All arenas as they are at the start. */
  readonly arenas: Arenas;
  /** In the order in which they are tried; the one of `engine` may be among them. */
  readonly backends: readonly Backend[];
  readonly prepare: PrepareOptions;
  /** Whether a person asked for just this backend. */
  readonly wasAsked: boolean;
  readonly onMove: (moved: Omit<BackendEvent, 'type'>) => void;
}

export class FailoverEngine implements Engine {
  readonly #options: FailoverOptions;
  readonly #nowMs: () => number;
  #engine: Engine;
  /** The last copy of the arenas, and the mini-batches trained since. */
  #copy: Arenas;
  #since: Batches[] = [];
  #rowsSince = 0;
  #copiedMs: number;
  #copyMs = 0;
  #step = 0;
  #lost = new Set<BackendName>();

  constructor(options: FailoverOptions) {
    this.#options = options;
    this.#engine = options.engine;
    this.#copy = options.arenas;
    this.#nowMs = options.prepare.host.nowMs;
    this.#copiedMs = this.#nowMs();
  }

  get backend(): BackendName {
    return this.#engine.backend;
  }
  get detail(): string {
    return this.#engine.detail;
  }
  get threads(): number {
    return this.#engine.threads;
  }
  get maxSteps(): number {
    return this.#engine.maxSteps;
  }
  get constantCost(): boolean {
    return this.#engine.constantCost ?? false;
  }

  async train(batches: Batches, sums: readonly Float64Array[]): Promise<number> {
    let done = 0;
    while (done < batches.steps) {
      // Cut anew for each call: another engine may take fewer steps at once.
      const { piece, made } = await this.#surviving(async () => {
        const to = Math.min(done + this.#engine.maxSteps, batches.steps);
        const piece = part(batches, done, to);
        const made = await this.#engine.train(
          piece,
          sums.map((sum) => sum.subarray(done, to))
        );
        return { piece, made };
      });
      done += made;
      this.#step = batches.firstStep - 1 + done;
      if (made < piece.steps) return done;
      this.#since.push(piece);
      this.#rowsSince += piece.rows.length;
    }
    await this.#surviving(() => this.#copyNowAndThen());
    return done;
  }

  async evaluate(rows: Int32Array, visit?: Visit): Promise<Float64Array> {
    // Handed on when all is well: what a device showed before it was lost would be counted twice.
    let seen: [outputs: Float32Array[], count: number][] = [];
    const sums = await this.#surviving(() => {
      seen = [];
      return this.#engine.evaluate(
        rows,
        visit && ((outputs, count) => void seen.push([outputs.map((output) => output.slice()), count]))
      );
    });
    for (const [outputs, count] of seen) visit?.(outputs, count);
    return sums;
  }

  read(arena: string): Promise<Float32Array> {
    return this.#surviving(() => this.#engine.read(arena));
  }

  async write(arena: string, values: Float32Array): Promise<void> {
    await this.#surviving(async () => {
      await this.#engine.write(arena, values);
      await this.#keepCopy();
    });
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  /** Tries again on the next backend as long as devices are lost and there is one. */
  async #surviving<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof LabError) || error.code !== 'backend_unavailable') throw error;
        await this.#moveOn(error);
      }
    }
  }

  async #copyNowAndThen(): Promise<void> {
    const waitMs = Math.max(COPY_EVERY_MS, this.#copyMs / COPY_SHARE);
    if (this.#nowMs() - this.#copiedMs >= waitMs || this.#rowsSince > MOST_ROWS) await this.#keepCopy();
  }

  async #keepCopy(): Promise<void> {
    const startedMs = this.#nowMs();
    this.#copy = await readAll(this.#engine, Object.keys(this.#copy));
    this.#copiedMs = this.#nowMs();
    this.#copyMs = this.#copiedMs - startedMs;
    this.#since = [];
    this.#rowsSince = 0;
  }

  /** Throws the error of the lost device where no other backend is left. */
  async #moveOn(error: LabError): Promise<void> {
    const old = this.#engine;
    this.#lost.add(old.backend);
    const told = await readAll(old, Object.keys(this.#copy)).catch(() => null); // then the copy has to do
    await old.close().catch(() => undefined); // it is lost anyway
    const next = await this.#nextEngine(told);
    if (!next) throw error;
    this.#engine = next;
    const { backend, detail, threads } = next;
    const asked = this.#options.wasAsked ? `, although ${old.backend} was asked for` : '';
    const why = `${old.backend} was lost (${error.message}); the run goes on with the same numbers on ${backend}${asked}`;
    this.#options.onMove({ step: this.#step, backend, detail, threads, why });
  }

  async #nextEngine(told: Arenas | null): Promise<Engine | null> {
    for (const backend of this.#options.backends) {
      if (this.#lost.has(backend.name)) continue;
      // Plain loops are never picked for speed, but here they save a run.
      const reason = await backend.unavailable(backend.name === 'reference' ? 'asked' : 'auto');
      const engine = reason === null ? await this.#revive(backend, told) : null;
      if (engine) return engine;
      this.#lost.add(backend.name);
    }
    return null;
  }

  /** An engine of the backend with the run's numbers; null where it cannot be had. */
  async #revive(backend: Backend, told: Arenas | null): Promise<Engine | null> {
    let engine: Engine | undefined;
    try {
      engine = await backend.prepare(this.#options.prepare);
      for (const [arena, values] of Object.entries(told ?? this.#copy)) await engine.write(arena, values);
      for (const batches of told ? [] : this.#since) await this.#repeat(engine, batches);
      return engine;
    } catch {
      await engine?.close().catch(() => undefined); // the next backend is tried, or the first error told
      return null;
    }
  }

  async #repeat(engine: Engine, batches: Batches): Promise<void> {
    for (let from = 0; from < batches.steps; from += engine.maxSteps) {
      const piece = part(batches, from, Math.min(from + engine.maxSteps, batches.steps));
      const { measures } = this.#options.prepare.plan;
      await engine.train(
        piece,
        measures.map(() => new Float64Array(piece.steps))
      );
    }
  }
}

async function readAll(engine: Engine, names: readonly string[]): Promise<Arenas> {
  const arenas: Record<string, Float32Array> = {};
  for (const name of names) arenas[name] = await engine.read(name);
  return arenas;
}

/** Steps `from` … `to` − 1 of them. */
function part(batches: Batches, from: number, to: number): Batches {
  if (from === 0 && to === batches.steps) return batches;
  const batchSize = batches.rows.length / batches.steps;
  const numbers = Object.entries(batches.numbers).map(([name, values]) => [name, values.subarray(from, to)]);
  return {
    steps: to - from,
    rows: batches.rows.subarray(from * batchSize, to * batchSize),
    counts: batches.counts.subarray(from, to),
    firstStep: batches.firstStep + from,
    numbers: Object.fromEntries(numbers) as Batches['numbers']
  };
}
