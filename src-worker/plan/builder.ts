/** Writes operations down: the only thing a layer, a loss or an optimizer ever calls. */
import { parseFormula, type Formula } from '../formula/parse.ts';
import type {
  Axes,
  Conv2dBackInputOp,
  Conv2dBackWeightsOp,
  Conv2dOp,
  GatherOp,
  Grid,
  MatmulOp,
  Op,
  PlaceOp,
  Pool2dBackOp,
  Pool2dOp,
  ReduceKind,
  ScatterOp,
  Shape,
  SliceOp,
  SoftmaxCrossEntropyOp,
  Tensor
} from './program.ts';

/** The tensors and settings of an operation, without its name and its `add`. */
type Parts<O extends Op> = Omit<O, 'op' | 'add'>;

interface FormulaOptions {
  add?: boolean;
  constants?: Record<string, number>;
  grid?: Grid;
  axes?: Record<string, Axes>;
}

/** An expression of layers: the operations of program.ts as calls. Nothing is computed here. */
export interface Recorder {
  /** y = a·b (+ bias) (+ y): see MatmulOp. */
  matmul(
    form: MatmulOp['form'],
    a: Tensor,
    b: Tensor,
    y: Tensor,
    options?: { bias?: Tensor | undefined; add?: boolean }
  ): void;
  /** y (+)= Σ over the batch of x. */
  sumRows(x: Tensor, y: Tensor, options?: { add?: boolean }): void;
  /** One formula per element: see MapOp. */
  map(formula: Formula, tensors: Record<string, Tensor>, options?: FormulaOptions): void;
  /** Sums (or the largest) of one formula per element: see ReduceOp. */
  reduce(
    formula: Formula,
    tensors: Record<string, Tensor>,
    options: FormulaOptions & { grid: Grid; kind?: ReduceKind }
  ): void;
  place(parts: Parts<PlaceOp>): void;
  /** Adds to y where `add`. */
  slice(parts: Parts<SliceOp> & { add?: boolean }): void;
  gather(parts: Parts<GatherOp>): void;
  /** Adds to dtable. */
  scatter(parts: Parts<ScatterOp>): void;
  softmaxCrossEntropy(parts: Parts<SoftmaxCrossEntropyOp>): void;
  conv2d(parts: Parts<Conv2dOp>): void;
  /** Adds to dx. */
  conv2dBackInput(parts: Parts<Conv2dBackInputOp>): void;
  /** Adds to dw. */
  conv2dBackWeights(parts: Parts<Conv2dBackWeightsOp>): void;
  pool2d(parts: Parts<Pool2dOp>): void;
  /** Adds to dx. */
  pool2dBack(parts: Parts<Pool2dBackOp>): void;
}

/** Formulas by text, so that each is parsed once. */
const parsed = new Map<string, Formula>();
export function formula(text: string): Formula {
  const known = parsed.get(text) ?? parseFormula(text);
  parsed.set(text, known);
  return known;
}

export class ProgramBuilder {
  readonly tensors: Tensor[] = [];

  tensor(name: string, shape: Shape, options: { perExample: boolean; type?: 'f32' | 'i32' }): Tensor {
    const tensor: Tensor = {
      id: this.tensors.length,
      name,
      shape,
      perExample: options.perExample,
      type: options.type ?? 'f32'
    };
    this.tensors.push(tensor);
    return tensor;
  }

  /**
   * A recorder that appends to `ops`.
   *
   * Layers always add to gradients, because x may feed two layers. The first addition to a tensor in this list becomes a plain write,
   * so nobody has to clear gradients before a step.
   */
  record(ops: Op[]): Recorder {
    const written = new Set<number>();
    const first = (y: Tensor, add: boolean | undefined): boolean => {
      const adds = add === true && written.has(y.id);
      written.add(y.id);
      return adds;
    };
    const firstOf = (rule: Formula, tensors: Record<string, Tensor>, add: boolean | undefined): boolean =>
      rule.targets
        .flatMap((name) => tensors[name] ?? [])
        .map((target) => first(target, add))
        .some(Boolean);
    return {
      matmul: (form, a, b, y, { bias, add } = {}) =>
        void ops.push({ op: 'matmul', form, a, b, y, bias: bias ?? null, add: first(y, add) }),
      sumRows: (x, y, { add } = {}) => void ops.push({ op: 'sumRows', x, y, add: first(y, add) }),
      map: (
        rule,
        tensors,
        { add, constants = {}, grid = null, axes = {} } = {} as FormulaOptions & { grid?: Grid | null }
      ) =>
        void ops.push({ op: 'map', formula: rule, tensors, constants, grid, axes, add: firstOf(rule, tensors, add) }),
      reduce: (rule, tensors, { add, constants = {}, grid, axes = {}, kind = 'sum' }) =>
        void ops.push({
          op: 'reduce',
          kind,
          formula: rule,
          tensors,
          constants,
          grid,
          axes,
          add: firstOf(rule, tensors, add)
        }),
      place: (parts) => {
        first(parts.y, true);
        ops.push({ op: 'place', ...parts });
      },
      slice: ({ add, ...parts }) => void ops.push({ op: 'slice', ...parts, add: first(parts.y, add) }),
      gather: (parts) => void ops.push({ op: 'gather', ...parts }),
      scatter: (parts) => void ops.push({ op: 'scatter', ...parts, add: first(parts.dtable, true) }),
      softmaxCrossEntropy: (parts) => {
        if (parts.dlogits) first(parts.dlogits, false);
        ops.push({ op: 'softmaxCrossEntropy', ...parts });
      },
      conv2d: (parts) => void ops.push({ op: 'conv2d', ...parts }),
      conv2dBackInput: (parts) => void ops.push({ op: 'conv2dBackInput', ...parts, add: first(parts.dx, true) }),
      conv2dBackWeights: (parts) => void ops.push({ op: 'conv2dBackWeights', ...parts, add: first(parts.dw, true) }),
      pool2d: (parts) => void ops.push({ op: 'pool2d', ...parts }),
      pool2dBack: (parts) => void ops.push({ op: 'pool2dBack', ...parts, add: first(parts.dx, true) })
    };
  }
}
