import type { Target } from '../plan/plan.ts';
import type { JudgedBatch, Subject, Tally } from './metric.ts';

/** How often something that can be found was there (`actual`), was said to be there (`predicted`), and both (`hits`). */
export interface Item {
  readonly actual: number;
  readonly predicted: number;
  readonly hits: number;
}

/**
 * Right and wrong answers: what was said, by what would have been right.
 *
 * Classes: one table over all of them; the answer is the class of the largest output, the first of equals. Yes or no: a table of two by
 * two for every column, labels that are not known left out.
 */
export class Decisions implements Tally {
  static readonly judges = 'classes-or-yes-or-no';
  static readonly fits = (target: Target): boolean => target.kind === 'class' || target.isYesOrNo;

  /** Rows and columns of a table. */
  readonly size: number;
  /** Shape (size, size) each: counts by right answer, then by given answer. */
  readonly tables: readonly Float64Array[];
  readonly #subject: Subject;

  constructor(subject: Subject) {
    const { target } = subject;
    this.#subject = subject;
    this.size = target.kind === 'class' ? target.classes : 2;
    const tables = target.kind === 'class' ? 1 : target.columns.length;
    this.tables = Array.from({ length: tables }, () => new Float64Array(this.size ** 2));
  }

  add({ count, outputs, labels, values }: JudgedBatch): void {
    const { target, width, yes } = this.#subject;
    if (target.kind === 'class') {
      const [table] = this.tables;
      for (let b = 0; b < count; b++) {
        const given = width === 1 ? Number(outputs[b]! > yes) : largest(outputs, b * width, width);
        table![labels[b]! * this.size + given]! += 1;
      }
      return;
    }
    for (let i = 0; i < count * width; i++) {
      if (Number.isNaN(values[i])) continue;
      this.tables[i % width]![Number(values[i]! > 0.5) * 2 + Number(outputs[i]! > yes)]! += 1;
    }
  }

  /** Every class, or the yes of every column. */
  items(): Item[] {
    const { size } = this;
    if (this.#subject.target.kind === 'class')
      return Array.from({ length: size }, (_, k) => itemOf(this.tables[0]!, size, k));
    return this.tables.map((table) => itemOf(table, size, 1));
  }

  /** Sum of `of` over all answers, by right and given answer; and how many there were. */
  sum(of: (right: number, given: number) => number): { total: number; count: number } {
    let [total, count] = [0, 0];
    for (const table of this.tables)
      for (const [at, times] of table.entries()) {
        total += times * of(Math.floor(at / this.size), at % this.size);
        count += times;
      }
    return { total, count };
  }
}

function largest(values: ArrayLike<number>, from: number, width: number): number {
  let best = 0;
  for (let j = 1; j < width; j++) if (values[from + j]! > values[from + best]!) best = j;
  return best;
}

function itemOf(table: Float64Array, size: number, k: number): Item {
  let [actual, predicted] = [0, 0];
  for (let j = 0; j < size; j++) {
    actual += table[k * size + j]!;
    predicted += table[j * size + k]!;
  }
  return { actual, predicted, hits: table[k * size + k]! };
}
