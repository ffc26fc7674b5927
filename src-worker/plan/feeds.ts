import type { ProgramBuilder } from './builder.ts';
import type { Feed, FeedSource } from './plan.ts';
import type { Shape, Tensor } from './program.ts';

/** The tensors of a plan that come from outside, one for each source. */
export class Feeds {
  readonly all: Feed[] = [];
  readonly #builder: ProgramBuilder;
  readonly #inputShape: Shape;
  readonly #classes: number;
  readonly #known = new Map<string, Tensor>();

  constructor(builder: ProgramBuilder, { shape, classes }: { readonly shape: Shape; readonly classes: number }) {
    this.#builder = builder;
    this.#inputShape = shape;
    this.#classes = classes;
  }

  /** `shape` and `name` are needed for masks alone, which are never shared. */
  tensor(source: FeedSource, { name, shape }: { name?: string; shape?: Shape } = {}): Tensor {
    const key = JSON.stringify(source);
    const known = this.#known.get(key);
    if (known) return known;
    const type = source.kind === 'label' ? 'i32' : 'f32';
    const tensor = this.#builder.tensor(name ?? source.kind, shape ?? this.#shapeOf(source), {
      perExample: true,
      type
    });
    this.#known.set(key, tensor);
    this.all.push({ tensor, source });
    return tensor;
  }

  #shapeOf(source: FeedSource): Shape {
    switch (source.kind) {
      case 'example':
        return this.#inputShape;
      case 'label':
      case 'weight':
        return [];
      case 'label-value':
        return [1];
      case 'one-hot':
        return [this.#classes];
      case 'values':
      case 'present':
        return [source.columns.length];
      case 'mask':
        return [];
      default:
        return source satisfies never;
    }
  }
}
