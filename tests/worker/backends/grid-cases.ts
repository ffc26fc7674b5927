/**
 * Operations that stretch, sum, cut and look up, on awkward sizes; what they must give is what plain loops in float64 give.
 *
 * Not a test itself: Node runs the cases on the kernels in JavaScript, Chromium on WebGL 2 and WebGPU.
 */
import { referenceBackend } from '../../../src-worker/backends/reference/reference.ts';
import { randomStream } from '../../../src-worker/data/random.ts';
import { formula, ProgramBuilder, type Recorder } from '../../../src-worker/plan/builder.ts';
import {
  sizeOf,
  sizeOfAxes,
  tensorsOf,
  type Axes,
  type Grid,
  type Op,
  type ReduceKind,
  type Tensor
} from '../../../src-worker/plan/program.ts';
import type { OpCase } from './op-bench.ts';

const oracle = referenceBackend('float64');
type Make = (name: string, shape: number[], perExample?: boolean) => Tensor;
interface GridCase {
  readonly title: string;
  readonly batchSize: number;
  /** Accepted: |got − expected| ≤ tolerance · (1 + |expected|). */
  readonly tolerance?: number;
  /** Values of an input from −1 … 1. */
  readonly draw?: Readonly<Record<string, (u: number, i: number) => number>>;
  record(recorder: Recorder, tensor: Make): void;
}

export async function gridCases(): Promise<OpCase[]> {
  const cases = [...mapCases(), ...reduceCases(), ...ruleCases(), ...columnCases(), ...embeddingCases()];
  const results: OpCase[] = [];
  for (const one of cases) results.push(await finish(one));
  return results;
}

/** What an operation reads before any has written it is drawn; tensors it adds to as well. */
async function finish({ title, batchSize, tolerance = 3e-6, draw = {}, record }: GridCase): Promise<OpCase> {
  const builder = new ProgramBuilder();
  const ops: Op[] = [];
  record(builder.record(ops), (name, shape, perExample = true) => builder.tensor(name, shape, { perExample }));
  const inputs = new Map<Tensor, Float32Array>();
  const written = new Set<Tensor>();
  for (const { reads, writes } of ops.map(tensorsOf)) {
    for (const tensor of reads.filter((read) => !written.has(read) && !inputs.has(read))) {
      const random = randomStream(11, `init/${title} ${tensor.name}`);
      const size = sizeOf(tensor.shape) * (tensor.perExample ? batchSize : 1);
      const values = Float32Array.from({ length: size }, (_, i) => {
        const u = 2 * random.uniform() - 1;
        return draw[tensor.name]?.(u, i) ?? u;
      });
      inputs.set(tensor, values);
    }
    for (const tensor of writes) written.add(tensor);
  }
  const program = { batchSize, tensors: builder.tensors, ops };
  const expected = (await oracle.run(program, inputs)) as Map<Tensor, Float64Array>;
  return { title, program, inputs, expected, tolerance };
}

const grids: readonly Grid[] = [
  { pixels: 1, groups: 1, members: 1 },
  { pixels: 1, groups: 1, members: 7 },
  { pixels: 6, groups: 1, members: 5 },
  { pixels: 4, groups: 3, members: 1 },
  { pixels: 15, groups: 2, members: 3 }
];
const someAxes: readonly Axes[] = ['', 'p', 'g', 'k', 'pg', 'pk', 'gk', 'pgk'];
const titleOf = ({ pixels, groups, members }: Grid) => `${pixels}×${groups}×${members}`;

function mapCases(): GridCase[] {
  const stretched = grids.flatMap((grid) =>
    [1, 3].map((batchSize): GridCase => {
      return {
        title: `map on ${batchSize} grids of ${titleOf(grid)}, operands with every choice of axes`,
        batchSize,
        record(recorder, tensor) {
          const y = tensor('y', [sizeOfAxes(grid, 'pgk')]);
          for (const own of axesOf(grid)) {
            const [x, w] = [
              tensor(`x${own}`, [sizeOfAxes(grid, own)]),
              tensor(`w${own}`, [sizeOfAxes(grid, own)], false)
            ];
            recorder.map(formula('y = x * w + 0.5'), { x, w, y }, { grid, axes: { x: own, w: own }, add: true });
          }
        }
      };
    })
  );
  const filled: GridCase = {
    title: 'map that reads nothing, written and then added to',
    batchSize: 3,
    record(recorder, tensor) {
      const y = tensor('y', [5]);
      for (let time = 0; time < 2; time++) recorder.map(formula('y = 0.5'), { y }, { add: true });
    }
  };
  return [...stretched, filled, ...wideCases()];
}

/** More tensors than a kernel can read: as batch normalization has them on the way back. */
function wideCases(): GridCase[] {
  const grid = { pixels: 4, groups: 1, members: 3 };
  const axes = { m: 'k', s: 'k', l: 'k', d: 'k', weight: '' } as const;
  const rule = formula('dx = s * (dy - weight * (d + (x - m) * l))');
  return [
    {
      title: 'map of eight tensors, added to a ninth',
      batchSize: 5,
      record(recorder, tensor) {
        const statistic = (name: string) => tensor(name, [3], false);
        const [m, s, l, d] = ['m', 's', 'l', 'd'].map(statistic) as [Tensor, Tensor, Tensor, Tensor];
        const [x, dy, dx] = ['x', 'dy', 'dx'].map((name) => tensor(name, [2, 2, 3])) as [Tensor, Tensor, Tensor];
        const tensors = { x, dy, dx, m, s, l, d, weight: tensor('weight', []) };
        recorder.map(rule, tensors, { grid, axes, add: true });
        recorder.map(rule, tensors, { grid, axes, add: true });
      }
    },
    {
      title: 'reduce of ten tensors',
      batchSize: 4,
      record(recorder, tensor) {
        const names = [...'abcdefghij'];
        const tensors = Object.fromEntries(names.map((name, i) => [name, tensor(name, i % 3 === 0 ? [] : [6])]));
        const own = Object.fromEntries(names.filter((_, i) => i % 3 === 0).map((name): [string, Axes] => [name, '']));
        const y = tensor('y', []);
        recorder.reduce(
          formula(`y = ${names.join(' + 2 * ')}`),
          { ...tensors, y },
          { grid: { pixels: 1, groups: 1, members: 6 }, axes: { ...own, y: '' } }
        );
      }
    }
  ];
}

function reduceCases(): GridCase[] {
  return (['sum', 'max'] as const).flatMap((kind) => [
    ...grids.map((grid) => reduceCase(kind, grid, axesOf(grid), 3)),
    reduceCase(kind, { pixels: 700, groups: 1, members: 3 }, [''], 2),
    reduceCase(kind, { pixels: 700, groups: 2, members: 3 }, ['g'], 2),
    reduceCase(kind, { pixels: 1, groups: 1, members: 1500 }, [''], 2),
    reduceCase(kind, { pixels: 81, groups: 1, members: 5 }, ['k'], 70)
  ]);
}

/** Each choice of axes that have more than one place. */
function axesOf({ pixels, groups, members }: Grid): Axes[] {
  const long = [pixels > 1 && 'p', groups > 1 && 'g', members > 1 && 'k'];
  return someAxes.filter((axes) => [...axes].every((axis) => long.includes(axis as 'p')));
}

/** Into targets of each example, and into ones of the batch; both written, then, sums, added to. */
function reduceCase(kind: ReduceKind, grid: Grid, targets: readonly Axes[], batchSize: number): GridCase {
  return {
    title: `reduce by ${kind} on ${batchSize} grids of ${titleOf(grid)} to “${targets.join('”, “')}”`,
    batchSize,
    // Long sums of numbers of both signs lose digits.
    tolerance: 3e-6 * Math.sqrt(1 + (sizeOfAxes(grid, 'pgk') * batchSize) / 100),
    record(recorder, tensor) {
      const x = tensor('x', [sizeOfAxes(grid, 'pgk')]);
      const [a, w] = [tensor('a', [sizeOfAxes(grid, 'gk')]), tensor('w', [sizeOfAxes(grid, 'p')], false)];
      for (const own of targets) {
        const size = sizeOfAxes(grid, own);
        const [y, twice] = [tensor(`y${own}`, [size]), tensor(`twice${own}`, [size])];
        const [whole, square] = [tensor(`whole${own}`, [size], false), tensor(`square${own}`, [size], false)];
        const axes: Record<string, Axes> = { a: 'gk', w: 'p', y: own, twice: own, whole: own, square: own };
        const options = { grid, axes, kind, constants: { half: 0.5 } };
        const each = formula('y = x * w + a\n twice = half * y - x');
        const all = formula('whole = x - a\n square = whole * whole * half');
        recorder.reduce(each, { x, a, w, y, twice }, options);
        recorder.reduce(all, { x, a, whole, square }, options);
        if (kind === 'max') continue;
        recorder.reduce(each, { x, a, w, y, twice }, { ...options, add: true });
        recorder.reduce(all, { x, a, whole, square }, { ...options, add: true });
      }
    }
  };
}

/** Rules over what all examples share: norms of weights, and weights scaled by them. */
function ruleCases(): GridCase[] {
  const shapes = [[5], [1], [30, 7], [3, 3, 4, 6], [13, 1]];
  return shapes.map((shape) => ({
    title: `norms of weights ${shape.join('×')}, of all and of each unit`,
    batchSize: 2,
    record(recorder, tensor) {
      const size = sizeOf(shape);
      const units = shape.at(-1)!;
      const [w, scaled, limited] = ['w', 'scaled', 'limited'].map((name) => tensor(name, shape, false)) as [
        Tensor,
        Tensor,
        Tensor
      ];
      const [squares, each] = [tensor('squares', [1], false), tensor('each', [units], false)];
      const whole = { grid: { pixels: 1, groups: 1, members: size }, axes: { squares: '' } } as const;
      recorder.reduce(formula('squares = w^2'), { w, squares }, { ...whole, add: true });
      recorder.reduce(formula('squares = w^2'), { w, squares }, { ...whole, add: true });
      recorder.map(formula('scaled = w / sqrt(squares)'), { w, squares, scaled }, whole);
      const byUnit = { grid: { pixels: size / units, groups: 1, members: units }, axes: { each: 'k' } } as const;
      recorder.reduce(formula('each = w^2'), { w, each }, byUnit);
      recorder.map(formula('limited = w * each'), { w, each, limited }, byUnit);
    }
  }));
}

function columnCases(): GridCase[] {
  return [[], [3], [2, 2]].map((front) => ({
    title: `columns joined and taken apart in ${[...front, 'N'].join('×')}`,
    batchSize: 3,
    record(recorder, tensor) {
      const [a, b, wide] = [tensor('a', [...front, 2]), tensor('b', [...front, 5]), tensor('wide', [...front, 9])];
      const [da, db] = [tensor('da', [...front, 2]), tensor('db', [...front, 5])];
      recorder.place({ x: a, y: wide, at: 0 });
      recorder.place({ x: b, y: wide, at: 3 });
      recorder.slice({ x: wide, y: da, at: 1 });
      recorder.slice({ x: wide, y: db, at: 4 });
      recorder.slice({ x: wide, y: db, at: 2, add: true });
    }
  }));
}

function embeddingCases(): GridCase[] {
  const sizes = [
    [1, 1, 1, 1],
    [3, 5, 4, 1],
    [4, 6, 9, 7]
  ] as const;
  return sizes.map(([batchSize, ids, entries, width]) => ({
    title: `${ids} rows an example of a table ${entries}×${width}, and back`,
    batchSize,
    // Some below the table, some above it, some between two rows.
    draw: { ids: (u) => Math.round((u + 0.8) * entries * 4) / 7 },
    record(recorder, tensor) {
      const table = tensor('table', [entries, width], false);
      const dtable = tensor('dtable', [entries, width], false);
      const numbers = tensor('ids', [ids]);
      const [y, dy] = [tensor('y', [ids, width]), tensor('dy', [ids, width])];
      recorder.gather({ ids: numbers, table, y });
      recorder.scatter({ ids: numbers, dy, dtable });
      recorder.scatter({ ids: numbers, dy: y, dtable });
    }
  }));
}
