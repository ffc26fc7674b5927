/** Formulas stretched over grids, and their sums and maxima, with what they must give according to float64 loops over every element. */
import { parseFormula } from '../../../src-worker/formula/parse.ts';
import { sizeOfAxes, type Axes, type Grid, type ReduceKind, type Tensor } from '../../../src-worker/plan/program.ts';
import { Bench, type OpCase } from './op-bench.ts';

const allAxes: readonly Axes[] = ['', 'p', 'g', 'k', 'pg', 'pk', 'gk', 'pgk'];

/** [examples, pixels, groups, members]: ones, rows shorter than a vector and a little longer than some, single channels, long rows. */
const sizes = [
  [1, 1, 1, 1],
  [3, 1, 1, 2],
  [5, 1, 1, 3],
  [2, 1, 1, 10],
  [33, 1, 1, 7],
  [4, 1, 1, 67],
  [2, 3, 1, 16],
  [3, 49, 1, 5],
  [2, 6, 3, 4],
  [3, 5, 2, 3],
  [2, 4, 5, 1],
  [3, 1, 4, 9],
  [2, 700, 1, 1],
  [2, 300, 1, 6],
  [1, 2, 2, 1030]
] as const;
type Size = (typeof sizes)[number];

interface Operand {
  readonly axes: Axes;
  readonly perExample: boolean;
}

/** Steps from an element to its neighbours along the examples and the axes of a grid; 0 where the values repeat. */
function placeIn({ pixels, groups, members }: Grid, { axes, perExample }: Operand) {
  const size = sizeOfAxes({ pixels, groups, members }, axes);
  return (b: number, p: number, g: number, k: number): number => {
    let at = perExample ? b : 0;
    if (axes.includes('p')) at = at * pixels + p;
    if (axes.includes('g')) at = at * groups + g;
    if (axes.includes('k')) at = at * members + k;
    return size === 0 ? 0 : at;
  };
}

const shapeOf = ({ pixels, groups, members }: Grid, { axes, perExample }: Operand): number[] => {
  const shape = [...axes].map((axis) => ({ p: pixels, g: groups, k: members })[axis]!);
  return shape.length > 0 || perExample ? shape : [1];
};

const titleOf = ([B, P, G, K]: Size) => `${B} of ${P}×${G}×${K}`;
const gridOf = ([, pixels, groups, members]: Size): Grid => ({ pixels, groups, members });

function* elements([B, P, G, K]: Size): Generator<[number, number, number, number]> {
  for (let b = 0; b < B; b++)
    for (let p = 0; p < P; p++) for (let g = 0; g < G; g++) for (let k = 0; k < K; k++) yield [b, p, g, k];
}

/** Inputs with the axes given, drawn from 0.1 … 1.1: sums of them lose nothing by cancelling. */
function inputsOf(bench: Bench, size: Size, operands: Readonly<Record<string, Operand>>) {
  const grid = gridOf(size);
  const tensors: Record<string, Tensor> = {};
  const reads = Object.entries(operands).map(([name, operand]) => {
    const tensor = bench.input(name, shapeOf(grid, operand), operand.perExample, (u) => 0.1 + u);
    tensors[name] = tensor;
    const [values, place] = [bench.inputs.get(tensor)!, placeIn(grid, operand)];
    return (b: number, p: number, g: number, k: number) => values[place(b, p, g, k)]!;
  });
  return { tensors, reads };
}

const whole = { axes: 'pgk', perExample: true } as const;

function mapCase(size: Size, index: number, add: boolean): OpCase {
  const [b, c] = [allAxes[index]!, allAxes[(index + 3) % 8]!];
  const operands = { a: whole, b: { axes: b, perExample: true }, c: { axes: c, perExample: false } };
  const bench = new Bench(
    `map over ${titleOf(size)} with “${b}” and “${c}” of the batch${add ? ', added' : ''}`,
    size[0]
  );
  const { tensors, reads } = inputsOf(bench, size, operands);
  const grid = gridOf(size);
  const wanted = [...elements(size)].map((at) => {
    const [va, vb, vc] = reads.map((read) => read(...at)) as [number, number, number];
    return [va * (vb / vc + 2) + Math.exp(-va), va - Math.sqrt(vb)] as const;
  });
  const targets = (['y', 'z'] as const).map((name, which) =>
    bench.output(name, shapeOf(grid, whole), true, (i) => wanted[i]![which]! + (add ? Math.fround(Math.cos(i)) : 0))
  );
  if (add)
    for (const target of targets)
      bench.inputs.set(
        target,
        Float32Array.from(wanted, (_, i) => Math.cos(i))
      );
  const formula = parseFormula('y = a * (b / c + two) + exp(-a)\nz = a - sqrt(b)');
  const [y, z] = targets as [Tensor, Tensor];
  const op = {
    op: 'map',
    formula,
    tensors: { ...tensors, y, z },
    constants: { two: 2 },
    grid,
    axes: { b, c },
    add
  } as const;
  return bench.finish([op], 2e-6);
}

function reduceCase(size: Size, kind: ReduceKind, target: Operand, index: number, add: boolean): OpCase {
  const [b, c] = [allAxes[(index * 5 + 3) % 8]!, allAxes[(index + 5) % 8]!];
  const about = `“${target.axes}” ${target.perExample ? 'of each example' : 'of the batch'}`;
  const bench = new Bench(`reduce ${kind} over ${titleOf(size)} to ${about}${add ? ', added' : ''}`, size[0]);
  const operands = { a: whole, b: { axes: b, perExample: true }, c: { axes: c, perExample: false } };
  const { tensors, reads } = inputsOf(bench, size, operands);
  const grid = gridOf(size);
  const place = placeIn(grid, target);
  const results = [new Map<number, number>(), new Map<number, number>()];
  for (const at of elements(size)) {
    const [va, vb, vc] = reads.map((read) => read(...at)) as [number, number, number];
    for (const [which, value] of [va * (vb + vc), vb / va].entries()) {
      const [result, i] = [results[which]!, place(...at)];
      const known = result.get(i);
      result.set(i, known === undefined ? value : kind === 'sum' ? known + value : Math.max(known, value));
    }
  }
  const targets = (['y', 'z'] as const).map((name, which) =>
    bench.output(
      name,
      shapeOf(grid, target),
      target.perExample,
      (i) => results[which]!.get(i)! + (add ? Math.fround(Math.cos(i)) : 0)
    )
  );
  if (add)
    for (const tensor of targets)
      bench.inputs.set(
        tensor,
        Float32Array.from(bench.expected.get(tensor)!, (_, i) => Math.cos(i))
      );
  const [y, z] = targets as [Tensor, Tensor];
  const axes = { b, c, y: target.axes, z: target.axes };
  const formula = parseFormula('y = a * (b + c)\nz = b / a');
  const op = { op: 'reduce', kind, formula, tensors: { ...tensors, y, z }, constants: {}, grid, axes, add } as const;
  return bench.finish([op], 3e-6);
}

export function formulaCases(): OpCase[] {
  return sizes.flatMap((size) => [
    ...allAxes.flatMap((_, index) => [mapCase(size, index, false), mapCase(size, index, true)]),
    ...allAxes.flatMap((axes, index) =>
      [true, false].flatMap((perExample) => [
        reduceCase(size, 'sum', { axes, perExample }, index, false),
        reduceCase(size, 'sum', { axes, perExample }, index, true),
        reduceCase(size, 'max', { axes, perExample }, index, false)
      ])
    )
  ]);
}
