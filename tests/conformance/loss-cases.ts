/** What every loss must keep to, as functions. Not a test itself. */
import type { Backend } from '../../src-worker/backends/backend.ts';
import { fillOf } from '../../src-worker/backends/feed.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import type { TargetData } from '../../src-worker/losses/target.ts';
import type { FeedSource } from '../../src-worker/plan/plan.ts';
import { lossProgram, type LossCase, type LossProgram } from '../support/loss-programs.ts';
import { mistake, none, worse, type Mistake } from './mistake.ts';

const BATCH = 5;
const STEP = 1e-5;

/** What there may be to predict, with the outputs to try; a loss takes what it accepts. */
const targets: { name: string; data: TargetData; outputs: number[] }[] = [
  { name: '3 classes', data: { classes: 3, values: [] }, outputs: [3] },
  { name: '2 classes', data: { classes: 2, values: [] }, outputs: [1, 2] },
  {
    name: '2 numbers',
    data: {
      classes: 0,
      values: [
        { name: 'a', kind: 'number' },
        { name: 'b', kind: 'number' }
      ]
    },
    outputs: [2]
  },
  {
    name: '3 yes or no with gaps',
    data: { classes: 0, values: ['a', 'b', 'c'].map((name) => ({ name, kind: 'binary' as const })) },
    outputs: [3]
  }
];

/** Settings that differ from the defaults; those that need another number of outputs are refused there. */
const variants: Record<string, Record<string, unknown>[]> = {
  'cross-entropy': [
    {},
    { smoothing: 0.1 },
    { classWeights: [1, 0.25, 3] },
    { smoothing: 0.2, classWeights: [1, 0.25, 3] },
    { classWeights: [2, 0] }
  ],
  'binary-cross-entropy': [{}, { positiveWeights: [0.5, 2, 3] }, { positiveWeights: [4] }],
  huber: [{}, { delta: 0.3 }]
};

export interface LossGradientCase {
  readonly title: string;
  readonly of: LossCase;
  readonly program: LossProgram;
  readonly real: number;
}

export const lossCases = (kind: string): LossGradientCase[] =>
  (variants[kind] ?? [{}]).flatMap((settings) =>
    targets.flatMap(({ name, data, outputs }) =>
      outputs.flatMap((width) =>
        [
          { share: 1, real: BATCH },
          { share: 0.3, real: BATCH - 2 },
          { share: 1, real: BATCH, isMixed: true }
        ].flatMap(({ real, ...more }) => {
          const of = { kind, settings, data, output: [width], batchSize: BATCH, ...more };
          const program = lossProgram(of);
          const title = `${JSON.stringify(settings)} on ${name}, ${width} outputs, ${JSON.stringify({ ...more, real })}`;
          return program ? [{ title, of, program, real }] : [];
        })
      )
    )
  );

/** Fills feeds as engines do, from random labels and values; of those that may miss, some do. */
export function giveTargets({ of: { data, output, isMixed }, real }: LossGradientCase) {
  const random = randomStream(3, 'init/targets');
  const isYesOrNo = data.values[0]?.kind === 'binary';
  const value = () => (isYesOrNo ? (random.below(3) === 0 ? NaN : random.below(2)) : random.normal());
  const table = {
    examples: new Float32Array(BATCH),
    labels: Uint8Array.from({ length: BATCH }, () => random.below(Math.max(data.classes, 1))),
    values: Float32Array.from({ length: BATCH * data.values.length }, value),
    scale: new Float32Array(),
    shift: new Float32Array()
  };
  const plan = { seed: 1, batchSize: BATCH, inputShape: [1], valueColumns: data.values.length, augment: [] };
  return (source: FeedSource, size: number): ArrayLike<number> => {
    const target = source.kind === 'label' ? new Int32Array(BATCH * size) : new Float64Array(BATCH * size);
    if (source.kind === 'one-hot' && isMixed) return mixed(table.labels, output[0]!);
    fillOf(source, size, plan, table)(target, 0, BATCH, {
      rows: Int32Array.from({ length: BATCH }, (_, b) => b),
      at: 0,
      count: real,
      step: 1,
      mode: 'training'
    });
    return target;
  };
}

/** Shares of 0.75 and 0.25 in two classes. */
function mixed(labels: Uint8Array, classes: number): Float64Array {
  const shares = new Float64Array(labels.length * classes);
  for (const [b, label] of labels.entries()) {
    shares[b * classes + label]! += 0.75;
    shares[b * classes + ((label + 1) % classes)]! += 0.25;
  }
  return shares;
}

/** The entry of dz that is farthest from central differences of the loss that training descends. `backend` in float64. */
export async function worstLossGradient(one: LossGradientCase, backend: Backend): Promise<Mistake> {
  const { program, real, of } = one;
  const random = randomStream(5, 'init/z');
  const z = Float64Array.from({ length: BATCH * of.output[0]! }, () => 1.5 * random.normal());
  const give = giveTargets(one);
  const { dz } = await program.run(backend, z, give, real);
  const lossAt = async (i: number, value: number) => {
    const moved = z.slice();
    moved[i] = value;
    return (await program.run(backend, moved, give, real)).loss;
  };
  let worst = none;
  for (const [i, value] of z.entries()) {
    const numeric = ((await lossAt(i, value + STEP)) - (await lossAt(i, value - STEP))) / (2 * STEP);
    worst = worse(worst, mistake('dz', i, dz[i]!, numeric));
  }
  return worst;
}
