/** Training by hand: an engine of some backend, given parameters, given batches. */
import type { Backend, Engine } from '../../src-worker/backends/backend.ts';
import type { Kinded } from '../../src-worker/contract/fields.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../src-worker/plan/make-plan.ts';
import type { Plan } from '../../src-worker/plan/plan.ts';
import type { Shape } from '../../src-worker/plan/program.ts';
import { metricsOf } from '../../src-worker/train/measures.ts';
import { stepNumbers } from '../../src-worker/train/step-numbers.ts';
import { plainHost } from './backends.ts';

export interface SessionOptions {
  readonly backend: Backend;
  /** Layers behind the input, one after another. */
  readonly layers: readonly Kinded[];
  readonly optimizer: Kinded;
  readonly examples: Float32Array;
  /** Of one example; a row of values unless given. */
  readonly shape?: Shape;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  readonly batchSize: number;
}

export interface Session {
  readonly plan: Plan;
  readonly engine: Engine;
  /** Sets all parameters, by `n2.W`: layer number and name. */
  setParameters(values: Readonly<Record<string, ArrayLike<number>>>): Promise<void>;
  parameters(): Promise<Readonly<Record<string, Float32Array>>>;
  /** One step on the given rows; the mean loss before it. */
  step(rows: ArrayLike<number>): Promise<number>;
}

export async function openSession(options: SessionOptions): Promise<Session> {
  const { backend, layers, optimizer, examples, labels, classes, batchSize } = options;
  const columns = examples.length / labels.length;
  const nodes = [{ kind: 'input' }, ...layers].map((layer, index) => ({ ...layer, id: `n${index}` }));
  const info = {
    name: 'given',
    title: 'Given',
    origin: 'generated' as const,
    shape: [...(options.shape ?? [columns])],
    classes: Array.from({ length: classes }, (_, c) => `${c}`),
    values: [],
    trainCount: Math.max(labels.length, 20),
    testCount: 0,
    encoding: 'floats' as const,
    license: '',
    source: ''
  };
  const spec = {
    version: 1,
    name: 'session',
    data: { dataset: 'given' },
    network: { nodes, edges: nodes.slice(1).map(({ id }, index) => [`n${index}`, id]) },
    training: { optimizer, batchSize }
  };
  const { experiment, problems } = checkExperiment(spec, [info]);
  if (!experiment) throw new Error(JSON.stringify(problems));
  const plan = makePlan(experiment, { shape: info.shape, classes, values: [] });
  const unit = { scale: new Float32Array(columns).fill(1), shift: new Float32Array(columns) };
  const table = { examples, labels: Uint8Array.from(labels), values: new Float32Array(), ...unit };
  const engine = await backend.prepare({ plan, table, host: plainHost, threads: 1 });
  const numbersOf = stepNumbers(experiment, 1);
  let step = 0;
  return {
    plan,
    engine,
    async setParameters(values) {
      const arena = new Float32Array(plan.arena);
      for (const { name, at } of plan.parameters) arena.set(values[name]!, at);
      await engine.write('w', arena);
      for (const state of plan.states) await engine.write(state, new Float32Array(plan.arena));
    },
    async parameters() {
      const arena = await engine.read('w');
      return Object.fromEntries(plan.parameters.map(({ name, at, size }) => [name, arena.slice(at, at + size)]));
    },
    async step(rows) {
      const sums = plan.measures.map(() => new Float64Array(1));
      const padded = new Int32Array(batchSize);
      padded.set(rows);
      await engine.train(
        {
          steps: 1,
          rows: padded,
          counts: Int32Array.of(rows.length),
          firstStep: ++step,
          numbers: mapValues(numbersOf(step), (value) => Float64Array.of(value))
        },
        sums
      );
      return (
        metricsOf(
          plan,
          sums.map((sum) => sum[0]!),
          rows.length
        ).loss ?? NaN
      );
    }
  };
}

const mapValues = <T, U>(of: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value)]));
