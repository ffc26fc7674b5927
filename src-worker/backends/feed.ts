/**
 * What the tensors that come from outside hold in a step: examples, targets, weights, masks. Every backend fills them by these rules;
 * one that has a faster way for some must give the same values.
 */
import { augmenter } from '../augment/augmenter.ts';
import { fillMask, maskKey, maskLimit, maskRowKey } from '../data/mask.ts';
import { randomStream } from '../data/random.ts';
import type { FeedSource, Plan } from '../plan/plan.ts';
import type { ExampleTable } from './backend.ts';
import { mixtures } from './mixture.ts';

/** A mini-batch: example b is row `rows[at + b]` of the table. */
export interface FeedStep {
  readonly rows: Int32Array;
  readonly at: number;
  /** Real examples, 1 … batchSize. */
  readonly count: number;
  /** Number of the step, from 1 over the whole run. */
  readonly step: number;
  readonly mode: 'training' | 'evaluation';
}

export type FeedValues = Float32Array | Float64Array | Int32Array;

/** Fills examples `from` … `to` − 1 of the batch; `target` begins with example 0. */
export type Fill = (target: FeedValues, from: number, to: number, step: FeedStep) => void;

export type FillPlan = Pick<Plan, 'seed' | 'batchSize' | 'inputShape' | 'valueColumns' | 'augment'>;

/** The rule of one source. `size`: values of an example. */
export function fillOf(source: FeedSource, size: number, plan: FillPlan, table: ExampleTable): Fill {
  const { labels } = table;
  switch (source.kind) {
    case 'example':
      return plan.augment.length === 0 ? fillExamples(table, size) : fillAugmented(plan, table, size);
    case 'label':
      return each((target, b, row) => void (target[b] = labels[row]!));
    case 'label-value':
      return eachMixed(plan, (target, b, row, other, share) => {
        target[b] = share * labels[row]! + (1 - share) * labels[other]!;
      });
    case 'one-hot':
      return eachMixed(plan, (target, b, row, other, share) => {
        target.fill(0, b * size, (b + 1) * size);
        target[b * size + labels[other]!] = 1 - share;
        target[b * size + labels[row]!] = labels[row] === labels[other] ? 1 : share;
      });
    case 'values':
    case 'present':
      return fillValues(source, plan, table);
    case 'weight':
      return (target, from, to, { count }) => {
        for (let b = from; b < to; b++) target[b] = b < count ? 1 / count : 0;
      };
    case 'mask':
      return fillMasks(source, size, plan.seed);
    default:
      return source satisfies never;
  }
}

/** One real example at a time; what only fills a batch up keeps what was there. */
const each =
  (one: (target: FeedValues, b: number, row: number) => void): Fill =>
  (target, from, to, { rows, at, count }) => {
    for (let b = from; b < Math.min(to, count); b++) one(target, b, rows[at + b]!);
  };

/** The same with the example that is mixed in and the share of the first: itself and 1 where nothing is mixed. */
function eachMixed(
  plan: FillPlan,
  one: (target: FeedValues, b: number, row: number, other: number, share: number) => void
): Fill {
  const mixtureOf = mixtures(plan);
  return (target, from, to, step) => {
    const { rows, at, count } = step;
    const { share, shift } = mixtureOf(step) ?? { share: 1, shift: 0 };
    for (let b = from; b < Math.min(to, count); b++)
      one(target, b, rows[at + b]!, rows[at + ((b + shift) % count)]!, share);
  };
}

function fillExamples({ examples, scale, shift }: ExampleTable, size: number): Fill {
  return each((target, b, row) => {
    for (let i = 0; i < size; i++) target[b * size + i] = examples[row * size + i]! * scale[i]! + shift[i]!;
  });
}

/**
 * Training examples are changed as they are stored, then mixed, then normalized. Each has a random stream of its own, by step and place in
 * the mini-batch, so that it is changed alike wherever it is needed. Examples of an evaluation stay as they are.
 */
function fillAugmented(plan: FillPlan, table: ExampleTable, size: number): Fill {
  const { seed, batchSize, augment, inputShape } = plan;
  const { examples, scale, shift } = table;
  const plain = fillExamples(table, size);
  const change = augmenter(augment, inputShape, examples instanceof Uint8Array ? 255 : 1);
  const mixtureOf = mixtures(plan);
  const [own, other] = [new Float32Array(size), new Float32Array(size)];
  const take = (image: Float32Array, b: number, { rows, at, step }: FeedStep) => {
    const row = rows[at + b]! * size;
    for (let i = 0; i < size; i++) image[i] = examples[row + i]!;
    change?.(image, randomStream(seed, 'augment', step * batchSize + b));
  };
  return (target, from, to, step) => {
    if (step.mode === 'evaluation') return plain(target, from, to, step);
    const mixture = mixtureOf(step);
    for (let b = from; b < Math.min(to, step.count); b++) {
      take(own, b, step);
      if (mixture) {
        take(other, (b + mixture.shift) % step.count, step);
        for (let i = 0; i < size; i++) own[i] = mixture.share * own[i]! + (1 - mixture.share) * other[i]!;
      }
      for (let i = 0; i < size; i++) target[b * size + i] = own[i]! * scale[i]! + shift[i]!;
    }
  };
}

/** The values, 0 where one is missing; or whether they are known. Of mixed examples both must be. */
function fillValues(
  { kind, columns }: FeedSource & { kind: 'values' | 'present' },
  plan: FillPlan,
  { values }: ExampleTable
): Fill {
  return eachMixed(plan, (target, b, row, other, share) => {
    for (const [j, column] of columns.entries()) {
      const one = values[row * plan.valueColumns + column]!;
      const two = values[other * plan.valueColumns + column]!;
      const value = kind === 'present' ? 1 : share * one + (1 - share) * two;
      target[b * columns.length + j] = Number.isNaN(one) || Number.isNaN(two) ? 0 : value;
    }
  });
}

function fillMasks({ keep, stream }: FeedSource & { kind: 'mask' }, size: number, seed: number): Fill {
  const [key, limit] = [maskKey(seed, stream), maskLimit(keep)];
  return (target, from, to, { step, mode }) => {
    if (mode === 'evaluation') return;
    for (let b = from; b < to; b++) fillMask(target as Float32Array, b * size, size, maskRowKey(key, step, b), limit);
  };
}
