/** Formulas element by element, with a closure for every part of an expression. */
import { evaluateUniform, foldFormula, scalarFunctions, type Folded } from '../../formula/fold.ts';
import type { Formula } from '../../formula/parse.ts';
import {
  sizeOf,
  sizeOfAxes,
  type Axes,
  type Grid,
  type MapOp,
  type ReduceOp,
  type Tensor
} from '../../plan/program.ts';
import type { Place, Values } from './operations.ts';

type Numbers = Readonly<Record<string, number>>;

export function map(op: MapOp, { values, rows }: Place): () => void {
  const { formula, tensors, constants, add } = op;
  const bound = mapObject(tensors, values);
  const isPerExample = Object.values(tensors).some(({ perExample }) => perExample);
  if (!op.grid) {
    const compute = elementwise(formula, bound, add);
    const size = sizeOf(Object.values(tensors)[0]!.shape);
    return () => compute(isPerExample ? size * rows.count : size, constants);
  }
  const walk = walker({ ...op, grid: op.grid });
  const run = evaluator(formula, bound);
  return () => {
    run.setNumbers(constants);
    walk(isPerExample ? rows.count : 1, (at) => {
      run.compute(at);
      for (const { slot, name, to } of run.outputs) to[at[name]!] = (add ? to[at[name]!]! : 0) + run.slots[slot]!;
    });
  };
}

export function reduce(op: ReduceOp, { values, rows }: Place): () => void {
  const { formula, tensors, constants, add, kind } = op;
  const run = evaluator(formula, mapObject(tensors, values));
  const walk = walker(op);
  const isPerExample = Object.values(tensors).some(({ perExample }) => perExample);
  return () => {
    run.setNumbers(constants);
    const results = run.outputs.map(({ to }) => new Float64Array(to.length).fill(kind === 'sum' ? 0 : -Infinity));
    walk(isPerExample ? rows.count : 1, (at) => {
      run.compute(at);
      for (const [index, { slot, name }] of run.outputs.entries()) {
        const [result, i, value] = [results[index]!, at[name]!, run.slots[slot]!];
        result[i] = kind === 'sum' ? result[i]! + value : Math.max(result[i]!, value);
      }
    });
    for (const [index, { name, to }] of run.outputs.entries()) {
      const tensor = tensors[name]!;
      const used = sizeOfAxes(op.grid, op.axes[name] ?? 'pgk') * (tensor.perExample ? rows.count : 1);
      for (let i = 0; i < used; i++) to[i] = (add ? to[i]! : 0) + results[index]![i]!;
    }
  };
}

/** Visits every element of every example's grid, with the place of the element in each tensor. */
function walker({
  grid,
  axes,
  tensors
}: {
  grid: Grid;
  axes: Readonly<Record<string, Axes>>;
  tensors: Readonly<Record<string, Tensor>>;
}) {
  const steps = Object.entries(tensors).map(([name, { perExample }]) => ({
    name,
    ...strides(grid, axes[name] ?? 'pgk', perExample)
  }));
  const at: Record<string, number> = {};
  return (examples: number, visit: (at: Readonly<Record<string, number>>) => void): void => {
    for (let b = 0; b < examples; b++)
      for (let p = 0; p < grid.pixels; p++)
        for (let g = 0; g < grid.groups; g++)
          for (let k = 0; k < grid.members; k++) {
            for (const step of steps) at[step.name] = b * step.b + p * step.p + g * step.g + k * step.k;
            visit(at);
          }
  };
}

/** How far apart neighbours along each axis lie in a tensor; 0 where it does not have the axis. */
function strides({ groups, members, pixels }: Grid, axes: Axes, perExample: boolean) {
  const [hasP, hasG, hasK] = [axes.includes('p'), axes.includes('g'), axes.includes('k')];
  const k = hasK ? 1 : 0;
  const inner = hasK ? members : 1;
  const g = hasG ? inner : 0;
  const middle = hasG ? inner * groups : inner;
  const p = hasP ? middle : 0;
  return { b: perExample ? middle * (hasP ? pixels : 1) : 0, p, g, k };
}

/** The formula over the first `length` elements; `numbers` gives every free name that is no tensor. */
export function elementwise(
  formula: Formula,
  tensors: Readonly<Record<string, Values>>,
  add = false
): (length: number, numbers: Numbers) => void {
  const run = evaluator(formula, tensors);
  const at = mapObject(tensors, () => 0) as Record<string, number>;
  const names = Object.keys(at);
  return (length, numbers) => {
    run.setNumbers(numbers);
    for (let i = 0; i < length; i++) {
      for (const name of names) at[name] = i;
      run.compute(at);
      for (const { slot, to } of run.outputs) to[i] = (add ? to[i]! : 0) + run.slots[slot]!;
    }
  };
}

/** A formula over bound tensors: `compute` leaves its values in `slots`, `outputs` tells which of them belong into tensors. */
function evaluator(formula: Formula, tensors: Readonly<Record<string, Values>>) {
  const { statements, uniforms } = foldFormula(formula, (name) => name in tensors);
  const names = [...new Set([...Object.keys(tensors), ...formula.targets])];
  const slots = new Float64Array(names.length);
  const uniformValues = new Float64Array(uniforms.length);
  const steps = statements.map(({ target, value }) => ({
    slot: names.indexOf(target),
    value: closure(value, (name) => names.indexOf(name), slots, uniformValues)
  }));
  const bound = (list: readonly string[]) =>
    list.filter((name) => name in tensors).map((name) => ({ slot: names.indexOf(name), name, to: tensors[name]! }));
  const inputs = bound(formula.inputs);
  return {
    slots,
    outputs: bound(formula.targets),
    setNumbers(numbers: Numbers): void {
      uniforms.forEach((uniform, index) => (uniformValues[index] = evaluateUniform(uniform, numbers)));
    },
    compute(at: Readonly<Record<string, number>>): void {
      for (const { slot, name, to } of inputs) slots[slot] = to[at[name]!]!;
      for (const { slot, value } of steps) slots[slot] = value();
    }
  };
}

const mapObject = <T, U>(of: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value)]));

function closure(
  e: Folded,
  slotOf: (name: string) => number,
  slots: Float64Array,
  uniforms: Float64Array
): () => number {
  const sub = (part: Folded) => closure(part, slotOf, slots, uniforms);
  switch (e.type) {
    case 'uniform':
      return () => uniforms[e.index]!;
    case 'name': {
      const slot = slotOf(e.name);
      return () => slots[slot]!;
    }
    case 'negate': {
      const of = sub(e.of);
      return () => -of();
    }
    case 'binary': {
      const [left, right] = [sub(e.left), sub(e.right)];
      return {
        '+': () => left() + right(),
        '-': () => left() - right(),
        '*': () => left() * right(),
        '/': () => left() / right()
      }[e.operator];
    }
    case 'call': {
      const apply = scalarFunctions[e.name];
      const [a, b, c] = e.args.map(sub);
      return () => apply(a!(), b ? b() : 0, c ? c() : 0);
    }
    default:
      return e satisfies never;
  }
}
