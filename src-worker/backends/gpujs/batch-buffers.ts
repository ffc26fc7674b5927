import { sizeOf } from '../../plan/program.ts';
import type { Plan } from '../../plan/plan.ts';
import type { ExampleTable } from '../backend.ts';
import { checkElements } from './value.ts';

/** The mini-batches of one call, side by side, as they are uploaded. Rows that only fill a batch up keep what was there before. */
export class BatchBuffers {
  /** Shapes: x (K, B, I); labels, weight (K, B). */
  readonly x: Float32Array;
  readonly labels: Float32Array;
  readonly weight: Float32Array;
  readonly #table: ExampleTable;
  readonly #batchSize: number;
  readonly #width: number;

  constructor({ batchSize, inputShape }: Plan, steps: number, table: ExampleTable) {
    this.#table = table;
    this.#batchSize = batchSize;
    this.#width = sizeOf(inputShape);
    checkElements('the examples of a mini-batch', steps * batchSize * this.#width);
    this.x = new Float32Array(steps * batchSize * this.#width);
    this.labels = new Float32Array(steps * batchSize);
    this.weight = new Float32Array(steps * batchSize);
  }

  /** Fills one mini-batch with `count` rows of the table; the weights are those of the mean over them. */
  fill(step: number, rows: Int32Array, count: number): void {
    const { examples, labels, scale, shift } = this.#table;
    const width = this.#width;
    for (let at = 0; at < count; at++) {
      const row = rows[at]!;
      const to = (step * this.#batchSize + at) * width;
      for (let i = 0; i < width; i++) this.x[to + i] = examples[row * width + i]! * scale[i]! + shift[i]!;
      this.labels[step * this.#batchSize + at] = labels[row]!;
    }
    const first = step * this.#batchSize;
    this.weight.fill(1 / count, first, first + count);
    this.weight.fill(0, first + count, first + this.#batchSize);
  }
}
