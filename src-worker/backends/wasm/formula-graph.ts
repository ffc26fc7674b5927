/**
 * A formula as a graph of four-lane values, every part that occurs twice there once: what the emitter places in its loops.
 */
import { foldFormula, type Folded, type FoldedFormula } from '../../formula/fold.ts';
import type { Formula, FunctionName } from '../../formula/parse.ts';
import { op, type Code } from './assembler.ts';

/** Functions that generated modules import, in the order of their numbers. */
export const vectorImports = ['exp4', 'log4', 'tanh4'] as const;

export type Value =
  | { readonly kind: 'load'; readonly tensor: string }
  | { readonly kind: 'uniform'; readonly index: number }
  /** Code that leaves a constant. */
  | { readonly kind: 'constant'; readonly code: Code }
  /** Code that takes the arguments from the stack, by their numbers. */
  | { readonly kind: 'apply'; readonly code: Code; readonly args: readonly number[] };

export interface FormulaGraph {
  readonly folded: FoldedFormula;
  /** Each behind its arguments. */
  readonly values: readonly Value[];
  /** Numbers of the last values of the targets that are tensors. */
  readonly results: ReadonlyMap<string, number>;
  /**
   * A value as a product of two: `core`, of the factors for which `varies` holds, and `factor`, of all others; null where there are no
   * factors of both kinds.
   */
  split(value: number, varies: (value: number) => boolean): { core: number; factor: number } | null;
}

/** `smallest`: tensors whose values count as 0 where they are smaller than this, read or assigned. */
export function formulaGraph(
  formula: Formula,
  tensors: readonly string[],
  smallest: Readonly<Record<string, number>> = {}
): FormulaGraph {
  const folded = foldFormula(formula, (name) => tensors.includes(name));
  const builder = new GraphBuilder();
  const clean = (name: string, value: number) => (name in smallest ? builder.zeroBelow(value, smallest[name]!) : value);
  const known = new Map<string, number>();
  for (const name of formula.inputs)
    if (tensors.includes(name)) known.set(name, clean(name, builder.value({ kind: 'load', tensor: name })));
  for (const { target, value } of folded.statements) known.set(target, clean(target, builder.expression(value, known)));
  const targets = formula.targets.filter((name) => tensors.includes(name));
  return {
    folded,
    values: builder.values,
    results: new Map(targets.map((name) => [name, known.get(name)!])),
    split: (value, varies) => builder.split(value, varies)
  };
}

class GraphBuilder {
  readonly values: Value[] = [];
  readonly #known = new Map<string, number>();

  value(value: Value): number {
    const key = JSON.stringify(value);
    const number = this.#known.get(key) ?? this.values.push(value) - 1;
    this.#known.set(key, number);
    return number;
  }

  expression(e: Folded, known: ReadonlyMap<string, number>): number {
    const of = (part: Folded) => this.expression(part, known);
    switch (e.type) {
      case 'uniform':
        return this.value({ kind: 'uniform', index: e.index });
      case 'name':
        return known.get(e.name)!;
      case 'negate':
        return this.#apply(op.negate, of(e.of));
      case 'binary': {
        const code = { '+': op.add, '-': op.subtract, '*': op.multiply, '/': op.divide }[e.operator];
        return this.#apply(code, of(e.left), of(e.right));
      }
      case 'call':
        return this.#call(e.name, e.args.map(of) as [number, number, number]);
      default:
        return e satisfies never;
    }
  }

  /** 0 in the lanes whose size is below a limit. Sizes compare like the integers with the same bits; NaN is above all. */
  zeroBelow(value: number, limit: number): number {
    const size = this.#apply(op.and, value, this.#words(0x7fffffff));
    return this.#apply(op.and, value, this.#apply(op.greaterI32, size, this.#words(bitsOf(limit) - 1)));
  }

  split(value: number, varies: (value: number) => boolean): { core: number; factor: number } | null {
    const { above, below } = this.#factors(value, varies);
    const product = (list: readonly number[]) => list.reduce((left, right) => this.#apply(op.multiply, left, right));
    const fraction = (over: readonly number[], under: readonly number[]) => {
      const top = over.length > 0 ? product(over) : this.#number(1);
      return under.length > 0 ? this.#apply(op.divide, top, product(under)) : top;
    };
    const [mine, others] = [varies, (part: number) => !varies(part)].map((holds) => [
      above.filter(holds),
      below.filter(holds)
    ]) as [[number[], number[]], [number[], number[]]];
    if (mine[0].length === 0 || others[0].length + others[1].length === 0) return null;
    return { core: fraction(...mine), factor: fraction(...others) };
  }

  /** What is multiplied, and divided by, in a value that varies. */
  #factors(value: number, varies: (value: number) => boolean): { above: number[]; below: number[] } {
    const of = this.values[value]!;
    const isFraction = of.kind === 'apply' && (of.code === op.multiply || of.code === op.divide);
    if (!isFraction || !varies(value)) return { above: [value], below: [] };
    const [left, right] = of.args.map((arg) => this.#factors(arg, varies)) as [
      { above: number[]; below: number[] },
      { above: number[]; below: number[] }
    ];
    const [up, down] = of.code === op.multiply ? [right.above, right.below] : [right.below, right.above];
    return { above: [...left.above, ...up], below: [...left.below, ...down] };
  }

  #call(name: FunctionName, [a, b, c]: [number, number, number]): number {
    switch (name) {
      case 'sqrt':
        return this.#apply(op.sqrt, a);
      case 'abs':
        return this.#apply(op.abs, a);
      case 'exp':
      case 'log':
      case 'tanh':
        return this.#apply(op.call(vectorImports.indexOf(`${name}4`)), a);
      case 'sign':
        return this.#apply(op.subtract, this.#oneWhere(this.#isPositive(a)), this.#oneWhere(this.#isNegative(a)));
      case 'step':
        return this.#oneWhere(this.#isPositive(a));
      case 'min':
        return this.#apply(op.min, a, b);
      case 'max':
        return this.#apply(op.max, a, b);
      case 'select':
        return this.#apply(op.bitselect, b, c, this.#isPositive(a));
      default:
        return name satisfies never;
    }
  }

  #apply(code: Code, ...args: number[]): number {
    return this.value({ kind: 'apply', code, args });
  }

  #number(value: number): number {
    return this.value({ kind: 'constant', code: [...op.f32(value), ...op.splat] });
  }

  #words(value: number): number {
    return this.value({ kind: 'constant', code: [...op.i32(value), ...op.splatI32] });
  }

  #isPositive(value: number): number {
    return this.#apply(op.greater, value, this.#number(0));
  }

  #isNegative(value: number): number {
    return this.#apply(op.less, value, this.#number(0));
  }

  #oneWhere(condition: number): number {
    return this.#apply(op.and, condition, this.#number(1));
  }
}

const bitsOf = (value: number) => new Int32Array(Float32Array.of(value).buffer)[0]!;
