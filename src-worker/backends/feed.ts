/**
 * What the tensors that come from outside hold in a step: examples, targets, weights, masks. Every backend fills them by these rules;
 * one that has a faster way for some must give the same values.
 */
import { fillMask, maskKey, maskLimit, maskRowKey } from '../data/mask.ts';
import type { FeedSource, Plan } from '../plan/plan.ts';
import { sizeOf } from '../plan/program.ts';
import type { ExampleTable } from './backend.ts';

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

/** The rule of one source. `size`: values of an example. */
export function fillOf(source: FeedSource, size: number, plan: FillPlan, table: ExampleTable): Fill {
  switch (source.kind) {
    case 'example':
      return fillExamples(sizeOf(plan.inputShape), table);
    case 'label':
    case 'label-value':
      return each((target, b, row) => void (target[b] = table.labels[row]!));
    case 'one-hot':
      return each((target, b, row) => {
        target.fill(0, b * size, (b + 1) * size);
        target[b * size + table.labels[row]!] = 1;
      });
    case 'values':
      return fillValues(source.columns, plan, table, (value) => (Number.isNaN(value) ? 0 : value));
    case 'present':
      return fillValues(source.columns, plan, table, (value) => (Number.isNaN(value) ? 0 : 1));
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

export type FillPlan = Pick<Plan, 'seed' | 'inputShape' | 'valueColumns'>;

/** One real example at a time; what only fills a batch up keeps what was there. */
const each =
  (one: (target: FeedValues, b: number, row: number) => void): Fill =>
  (target, from, to, { rows, at, count }) => {
    for (let b = from; b < Math.min(to, count); b++) one(target, b, rows[at + b]!);
  };

function fillExamples(size: number, { examples, scale, shift }: ExampleTable): Fill {
  return each((target, b, row) => {
    for (let i = 0; i < size; i++) target[b * size + i] = examples[row * size + i]! * scale[i]! + shift[i]!;
  });
}

function fillValues(
  columns: readonly number[],
  { valueColumns }: FillPlan,
  { values }: ExampleTable,
  as: (value: number) => number
): Fill {
  return each((target, b, row) => {
    for (const [j, column] of columns.entries())
      target[b * columns.length + j] = as(values[row * valueColumns + column]!);
  });
}

function fillMasks({ keep, stream }: FeedSource & { kind: 'mask' }, size: number, seed: number): Fill {
  const [key, limit] = [maskKey(seed, stream), maskLimit(keep)];
  return (target, from, to, { step, mode }) => {
    if (mode === 'evaluation') return;
    for (let b = from; b < to; b++) fillMask(target as Float32Array, b * size, size, maskRowKey(key, step, b), limit);
  };
}
