/**
 * How the comparison talks to a program that trains: JSON lines, one answer to each question. The first question is a `Task`, all others
 * are `Turn`s; the end of input ends the program. `pytorch.py` speaks the same.
 */
import { createInterface } from 'node:readline';
import type { Workload } from '../../src-worker/tasks/bench/workloads/workload.ts';

export interface Task {
  readonly workload: Workload;
  readonly optimizers: readonly string[];
  readonly learningRate: number;
  readonly threads: number;
}

/** What a program says of itself, and of each optimizer why it cannot train with it, or with what settings it does. */
export interface Ready {
  readonly name: string;
  readonly models: Readonly<Record<string, { readonly detail: string } | { readonly cannot: string }>>;
}

/** Train for about so long, one step at least. */
export interface Turn {
  readonly optimizer: string;
  readonly milliseconds: number;
}

/** Both over the turn: by the clock, and what the process had of the processors in all its threads. */
export interface Turned {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** A network that is ready to train; `turn` does steps for about so long and answers how many. */
export interface Model {
  readonly detail: string;
  turn(milliseconds: number): number | Promise<number>;
}

/** What a program cannot train, in a sentence. */
export class Cannot extends Error {}

/** A program's whole life. `prepare` throws a `Cannot`; anything else ends the comparison. */
export async function serve(name: string, prepare: (task: Task, optimizer: string) => Model | Promise<Model>) {
  const models = new Map<string, Model>();
  const answer = (message: Ready | Turned) => process.stdout.write(`${JSON.stringify(message)}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const question = JSON.parse(line) as Task | Turn;
    if ('workload' in question) answer({ name, models: await prepareAll(question, prepare, models) });
    else answer(await timed(models.get(question.optimizer)!, question.milliseconds));
  }
}

async function timed(model: Model, milliseconds: number): Promise<Turned> {
  const [startedMs, used] = [performance.now(), process.cpuUsage()];
  const steps = await model.turn(milliseconds);
  const { user, system } = process.cpuUsage(used);
  return { wallMs: (performance.now() - startedMs) / steps, cpuMs: (user + system) / 1000 / steps };
}

async function prepareAll(
  task: Task,
  prepare: Parameters<typeof serve>[1],
  models: Map<string, Model>
): Promise<Ready['models']> {
  const ready: Record<string, { detail: string } | { cannot: string }> = {};
  for (const optimizer of task.optimizers)
    try {
      const model = await prepare(task, optimizer);
      models.set(optimizer, model);
      ready[optimizer] = { detail: model.detail };
    } catch (error) {
      if (!(error instanceof Cannot)) throw error;
      ready[optimizer] = { cannot: error.message };
    }
  return ready;
}

const WARM_UP_MS = 150;

/** A model from a function that does one step, warmed up. */
export function modelOf(detail: string, step: () => void): Model {
  const turn = (milliseconds: number) => {
    const startedMs = performance.now();
    for (let steps = 1; ; steps++) {
      step();
      if (performance.now() - startedMs >= milliseconds) return steps;
    }
  };
  turn(WARM_UP_MS);
  return { detail, turn };
}

/** So many examples every program makes up and walks through. */
export const EXAMPLES = 2048;
