/** Formulas as kernels: one for each target of a `map`, one or more stages for each target of a `reduce`. */
import {
  sizeOf,
  sizeOfAxes,
  type Axes,
  type Grid,
  type MapOp,
  type ReduceOp,
  type Tensor
} from '../../plan/program.ts';
import { lengthOf, longAxes, type AxisName, type Layout, type Operand } from './kernels/grid.ts';
import { map, targetText } from './kernels/map.ts';
import { reduce, type Terms } from './kernels/reduce.ts';
import type { Handle } from './library.ts';
import type { Tracer } from './tracer.ts';

/** Every target is computed from the values before the operation, so all are written at its end. */
export function traceMap(tracer: Tracer, op: MapOp): void {
  const grid = op.grid ?? { pixels: 1, groups: 1, members: sizeOf(Object.values(op.tensors)[0]!.shape) };
  const operands = operandsOf(tracer, op);
  const results = targetsOf(op).map(([name, tensor]) => {
    const target = { name, layout: layoutOf(tracer, op, name), previous: tracer.before(tensor, op.add) };
    return [tensor, tracer.call(map(grid, target, targetText(op, name, operands)), tensor.name)] as const;
  });
  for (const [tensor, handle] of results) tracer.set(tensor, handle);
}

export function traceReduce(tracer: Tracer, op: ReduceOp): void {
  const { grid, operands } = asMatrices(op, operandsOf(tracer, op));
  const results = targetsOf(op).map(([name, tensor]) => {
    const { reads, write } = targetText(op, name, operands);
    const terms: Terms = {
      reads,
      write(read, element) {
        const { lines, results } = write(read, element);
        return { lines, term: results.get(name)! };
      }
    };
    const overBatch = !tensor.perExample && Object.values(op.tensors).some(({ perExample }) => perExample);
    const of = { op, tensor, grid, target: layoutOf(tracer, op, name), overBatch };
    return [tensor, traceStages(tracer, of, terms)] as const;
  });
  for (const [tensor, handle] of results) tracer.set(tensor, handle);
}

interface Reduction {
  readonly op: ReduceOp;
  readonly tensor: Tensor;
  readonly grid: Grid;
  readonly target: Layout;
  readonly overBatch: boolean;
}

/** Terms that one thread adds up, beyond which it is worth a kernel more to share them out. */
const MANY_TERMS = 512;

/** Pixels first where there is much to add up, then the other axes, then the examples: there are fewer and fewer sums. */
function traceStages(tracer: Tracer, { op, tensor, grid, target, overBatch }: Reduction, terms: Terms): Handle {
  const summed = longAxes(grid, 'pgk').filter((axis) => !target.axes.includes(axis));
  const isLong = sizeOfAxes(grid, summed.join('') as Axes) > MANY_TERMS;
  const perExample = target.perExample || overBatch;
  let rest = { grid, terms };
  const sumUp = (axes: readonly AxisName[]): void => {
    const kept = longAxes(rest.grid, 'pgk').filter((axis) => !axes.includes(axis));
    const layout = {
      rows: perExample ? tracer.batchSize : 1,
      columns: sizeOfAxes(grid, kept.join('') as Axes),
      axes: kept.join('') as Axes,
      perExample
    };
    const rule = reduce({ kind: op.kind, grid: rest.grid, target: layout, examples: null }, rest.terms, null);
    const value = tracer.intermediate(rule, `${tensor.name} in parts`);
    rest = { grid: without(rest.grid, axes), terms: readingOf({ ...layout, value }) };
  };
  if (summed[0] === 'p' && summed.length > 1 && isLong) sumUp(['p']);
  const left = summed.filter((axis) => lengthOf(rest.grid, axis) > 1);
  if (overBatch && left.length > 0) sumUp(left);
  const last = { kind: op.kind, grid: rest.grid, target, examples: overBatch ? tracer.batchSize : null };
  return tracer.call(reduce(last, rest.terms, tracer.before(tensor, op.add)), tensor.name);
}

const without = ({ pixels, groups, members }: Grid, axes: readonly AxisName[]): Grid => ({
  pixels: axes.includes('p') ? 1 : pixels,
  groups: axes.includes('g') ? 1 : groups,
  members: axes.includes('k') ? 1 : members
});

/** Sums of a stage before, as they are. */
const readingOf = (operand: Operand): Terms => ({
  reads: { partial: operand.value },
  write: ({ partial }, element) => ({ lines: [], term: partial!(...element(operand)) })
});

/** A sum over whole matrices, such as a norm of weights, goes by their columns instead of one element after the other. */
function asMatrices(
  { grid, axes, formula, tensors }: ReduceOp,
  operands: Readonly<Record<string, Operand>>
): { grid: Grid; operands: Readonly<Record<string, Operand>> } {
  const long = Object.values(operands).filter((operand) => longAxes(grid, operand.axes).length > 0);
  const [first] = long;
  const isFlat =
    grid.pixels * grid.groups === 1 &&
    formula.targets.every((name) => !tensors[name] || longAxes(grid, axes[name] ?? 'pgk').length === 0) &&
    long.every(({ rows, columns, perExample }) => !perExample && rows === first!.rows && columns === first!.columns);
  if (!first || !isFlat) return { grid, operands };
  const whole = (operand: Operand): Operand => (long.includes(operand) ? { ...operand, axes: 'pgk' } : operand);
  return {
    grid: { pixels: first.rows, groups: 1, members: first.columns },
    operands: Object.fromEntries(Object.entries(operands).map(([name, operand]) => [name, whole(operand)]))
  };
}

type Formulas = Pick<MapOp | ReduceOp, 'formula' | 'tensors' | 'axes'>;

const targetsOf = ({ formula, tensors }: Formulas): [string, Tensor][] =>
  formula.targets.flatMap((name) => (tensors[name] ? [[name, tensors[name]] as [string, Tensor]] : []));

function operandsOf(tracer: Tracer, { formula, tensors, axes }: Formulas): Record<string, Operand> {
  const inputs = formula.inputs.flatMap((name): [string, Operand][] => {
    const tensor = tensors[name];
    if (!tensor) return [];
    const value = tracer.value(tensor);
    const { rows, columns } = value;
    return [[name, { value, rows, columns, axes: axes[name] ?? 'pgk', perExample: tensor.perExample }]];
  });
  return Object.fromEntries(inputs);
}

const layoutOf = (tracer: Tracer, { tensors, axes }: Formulas, name: string): Layout => ({
  ...tracer.extentOf(tensors[name]!),
  axes: axes[name] ?? 'pgk',
  perExample: tensors[name]!.perExample
});
