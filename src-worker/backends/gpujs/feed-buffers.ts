import type { Feed, Plan } from '../../plan/plan.ts';
import { sizeOf, tensorsOf, type Op } from '../../plan/program.ts';
import type { ExampleTable } from '../backend.ts';
import { fillOf, type FeedStep, type Fill } from '../feed.ts';
import { checkElements } from './value.ts';

/** What one feed holds in every step of a call: `steps` planes of B rows with `columns` values. */
export interface FeedBuffer extends Feed {
  readonly columns: number;
  readonly values: Float32Array;
  readonly fill: Fill;
}

/** The mini-batches of one call, side by side, as they are uploaded. Rows that only fill a batch up keep what was there before. */
export class FeedBuffers {
  readonly all: readonly FeedBuffer[];
  readonly #batchSize: number;

  constructor(plan: Plan, steps: number, table: ExampleTable) {
    this.#batchSize = plan.batchSize;
    this.all = plan.feeds.map((feed) => {
      const columns = sizeOf(feed.tensor.shape);
      const elements = steps * plan.batchSize * columns;
      checkElements(`${feed.tensor.name} of a mini-batch`, elements);
      return {
        ...feed,
        columns,
        values: new Float32Array(elements),
        fill: fillOf(feed.source, columns, plan, table)
      };
    });
  }

  /** Those that a program reads. */
  of(ops: readonly Op[]): FeedBuffer[] {
    const read = new Set(ops.flatMap((op) => tensorsOf(op).reads.map(({ id }) => id)));
    return this.all.filter(({ tensor }) => read.has(tensor.id));
  }

  /** Fills the given feeds for one step of the call. Every row is filled: weights of 0 and masks belong to all of them. */
  fill(feeds: readonly FeedBuffer[], place: number, step: FeedStep): void {
    for (const { values, columns, fill } of feeds) {
      const size = this.#batchSize * columns;
      fill(values.subarray(place * size, (place + 1) * size), 0, this.#batchSize, step);
    }
  }
}
