import { randomStream } from '../../../src-worker/data/random.ts';
import { ProgramBuilder } from '../../../src-worker/plan/builder.ts';
import { sizeOf, type Op, type Program, type Shape, type Tensor } from '../../../src-worker/plan/program.ts';

export interface OpCase {
  readonly title: string;
  readonly program: Program;
  readonly inputs: ReadonlyMap<Tensor, Float32Array>;
  readonly expected: ReadonlyMap<Tensor, Float64Array>;
  /** Accepted: |got − expected| ≤ tolerance · (1 + |expected|). */
  readonly tolerance: number;
}

/** Tensors with values drawn from a stream of the case's own. */
export class Bench {
  readonly builder = new ProgramBuilder();
  readonly inputs = new Map<Tensor, Float32Array>();
  readonly expected = new Map<Tensor, Float64Array>();
  readonly #batchSize: number;
  readonly #title: string;

  constructor(title: string, batchSize: number) {
    this.#title = title;
    this.#batchSize = batchSize;
  }

  /** Uniform in −1 … 1 unless `draw` says otherwise. */
  input(name: string, shape: Shape, perExample: boolean, draw?: (uniform: number, i: number) => number): Tensor {
    const tensor = this.builder.tensor(name, shape, { perExample });
    const random = randomStream(11, `init/${this.#title} ${name}`);
    const size = sizeOf(shape) * (perExample ? this.#batchSize : 1);
    this.inputs.set(
      tensor,
      Float32Array.from({ length: size }, (_, i) => (draw ?? ((u) => 2 * u - 1))(random.uniform(), i))
    );
    return tensor;
  }

  output(name: string, shape: Shape, perExample: boolean, values: (i: number) => number): Tensor {
    const tensor = this.builder.tensor(name, shape, { perExample });
    const size = sizeOf(shape) * (perExample ? this.#batchSize : 1);
    this.expected.set(
      tensor,
      Float64Array.from({ length: size }, (_, i) => values(i))
    );
    return tensor;
  }

  finish(ops: Op[], tolerance: number): OpCase {
    const program = { batchSize: this.#batchSize, tensors: this.builder.tensors, ops };
    return { title: this.#title, program, inputs: this.inputs, expected: this.expected, tolerance };
  }
}
