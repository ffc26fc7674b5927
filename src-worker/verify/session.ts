/** Training by hand: an engine of some backend, given its first parameters and its batches. */
import type { Backend, BackendHost, Engine, ExampleTable, Visit } from '../backends/backend.ts';
import type { DatasetInfo } from '../contract/dataset.ts';
import { describeProblem } from '../contract/problems.ts';
import type { Kinded } from '../contract/fields.ts';
import { checkExperiment } from '../graph/check-experiment.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Parameter, Plan } from '../plan/plan.ts';
import type { Shape } from '../plan/program.ts';
import { metricsOf } from '../train/measures.ts';
import { stepNumbers } from '../train/step-numbers.ts';
import { Unsupported } from './cases/case.ts';

export interface SessionOptions {
  readonly backend: Backend;
  readonly host: BackendHost;
  readonly threads: number;
  /** Layers behind the input, one after another. */
  readonly layers: readonly Kinded[];
  /** Parts of `training` in an experiment: optimizer, loss, regularize … */
  readonly training: Readonly<Record<string, unknown>>;
  readonly batchSize: number;
  readonly examples: Float32Array;
  /** Of one example. */
  readonly shape: Shape;
  /** The classes of the examples, or the numbers to predict. */
  readonly target:
    | { readonly labels: ArrayLike<number>; readonly classes: number }
    | { readonly values: Float32Array; readonly columns: number };
}

export interface Session {
  readonly plan: Plan;
  readonly engine: Engine;
  readonly table: ExampleTable;
  /** Sets all parameters, by `n2.W`: number of the layer and name; the optimizer begins anew. */
  setParameters(values: Readonly<Record<string, ArrayLike<number>>>): Promise<void>;
  parameters(): Promise<Readonly<Record<string, Float32Array>>>;
  /** One step on each of the given batches; the mean losses before them. */
  train(batches: readonly ArrayLike<number>[]): Promise<number[]>;
  /** Mean loss and number of right answers over the given rows. */
  evaluate(rows: Int32Array, visit?: Visit): Promise<{ loss: number; correct: number }>;
}

/** Throws: `Unsupported` where the lab refuses such an experiment. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { plan, table, numbersOf } = planned(options);
  const { host, threads } = options;
  const engine = await options.backend.prepare({ plan, table, host, threads });
  let done = 0;

  async function trainOn(batches: readonly ArrayLike<number>[]): Promise<number[]> {
    const rows = new Int32Array(batches.length * plan.batchSize);
    for (const [step, batch] of batches.entries()) rows.set(Array.from(batch), step * plan.batchSize);
    const sums = plan.measures.map(() => new Float64Array(batches.length));
    const steps = batches.map((_, step) => numbersOf(done + step + 1));
    const numbers = Object.fromEntries(
      Object.keys(steps[0]!).map((name) => [name, Float64Array.from(steps, (known) => known[name]!)])
    );
    const counts = Int32Array.from(batches, (batch) => batch.length);
    const made = await engine.train({ steps: steps.length, rows, counts, firstStep: done + 1, numbers }, sums);
    if (made < steps.length) throw new Error(`The loss of step ${done + made + 1} is not a finite number`);
    done += made;
    return batches.map((batch, step) =>
      meanLoss(
        sums.map((sum) => sum[step]!),
        batch.length
      )
    );
  }

  const meanLoss = (sums: ArrayLike<number>, count: number) => metricsOf(plan, sums, count).loss ?? NaN;
  return {
    plan,
    engine,
    table,
    async setParameters(values) {
      const arena = new Float32Array(plan.arena);
      for (const { name, at } of plan.parameters) arena.set(values[name]!, at);
      await engine.write('w', arena);
      for (const state of plan.states) await engine.write(state, new Float32Array(plan.arena));
      done = 0;
    },
    async parameters() {
      const arena = await engine.read('w');
      return Object.fromEntries(plan.parameters.map(({ name, at, size }) => [name, arena.slice(at, at + size)]));
    },
    async train(batches) {
      return batches.length === 0 ? [] : trainOn(batches);
    },
    async evaluate(rows, visit) {
      const sums = await engine.evaluate(rows, visit);
      const { correct } = plan.heads[0]!.measures;
      return { loss: meanLoss(sums, rows.length), correct: correct === null ? NaN : sums[correct]! };
    }
  };
}

function planned({ layers, training, batchSize, examples, shape, target, threads }: SessionOptions) {
  const nodes = [{ kind: 'input' }, ...layers].map((layer, index) => ({ ...layer, id: `n${index}` }));
  const values = 'columns' in target ? namesUpTo(target.columns, 'v') : [];
  const classes = 'classes' in target ? namesUpTo(target.classes, 'c') : [];
  const count = examples.length / shape.reduce((a, b) => a * b, 1);
  const info: DatasetInfo = {
    ...{ name: 'given', title: 'Given', origin: 'generated', encoding: 'floats', license: '', source: '' },
    shape: [...shape],
    classes,
    values: values.map((name) => ({ name, kind: 'number' })),
    trainCount: Math.max(count, 20), // a split must leave some
    testCount: 0
  };
  const spec = {
    version: 1,
    name: 'session',
    data: { dataset: info.name },
    network: { nodes, edges: nodes.slice(1).map(({ id }, index) => [`n${index}`, id]) },
    training: { ...training, batchSize }
  };
  const { experiment, problems } = checkExperiment(spec, [info]);
  if (!experiment) throw new Unsupported(problems.map(describeProblem).join(' '));
  const plan = makePlan(experiment, { shape, classes: classes.length, values: info.values });
  const size = examples.length / count;
  const table: ExampleTable = {
    examples,
    labels: 'labels' in target ? Uint8Array.from(Array.from(target.labels)) : new Uint8Array(count),
    values: 'values' in target ? target.values : new Float32Array(),
    scale: new Float32Array(size).fill(1),
    shift: new Float32Array(size)
  };
  // As small as these networks are, one shard would do: cut the batch, so that every thread has a part of the work.
  const shards = Math.max(plan.shards, Math.min(threads, plan.batchSize));
  return { plan: { ...plan, shards }, table, numbersOf: stepNumbers(experiment, 1) };
}

const namesUpTo = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** The parameters of a plan in the order of the layers, weights before biases: as the golden values have them. */
export const learnedParameters = ({ parameters }: Plan): Parameter[] =>
  parameters.filter(({ role }) => role !== 'statistic');
