/** Cases of convolution and pooling, with what they must give according to float64 loops over windows. */
import {
  sizeOf,
  windowsOver,
  type PoolKind,
  type Shape,
  type Tensor,
  type Window
} from '../../../src-worker/plan/program.ts';
import { Bench, type OpCase } from './op-bench.ts';

interface Images {
  readonly about: string;
  readonly batch: number;
  /** [height, width, channels] */
  readonly image: readonly [number, number, number];
  readonly filters: number;
  readonly window: Window;
}

const window = (
  kernel: Window['kernel'],
  stride: number | Window['stride'] = 1,
  pad: Window['pad'] = [0, 0, 0, 0]
): Window => ({ kernel, stride: typeof stride === 'number' ? [stride, stride] : stride, pad });

const images: Images[] = [
  { about: 'one pixel', batch: 1, image: [1, 1, 1], filters: 1, window: window([1, 1]) },
  { about: 'a border all around', batch: 3, image: [5, 7, 3], filters: 5, window: window([3, 3], 1, [1, 1, 1, 1]) },
  { about: 'an uneven border', batch: 2, image: [6, 5, 2], filters: 3, window: window([2, 3], 2, [0, 1, 1, 0]) },
  { about: 'rows left over', batch: 2, image: [8, 5, 1], filters: 4, window: window([3, 2], 3) },
  { about: 'pixels between the windows', batch: 3, image: [5, 4, 2], filters: 2, window: window([1, 2], 3) },
  { about: 'a single window', batch: 2, image: [5, 3, 4], filters: 3, window: window([5, 3]) },
  {
    about: 'a window larger than the image',
    batch: 1,
    image: [3, 2, 2],
    filters: 3,
    window: window([5, 4], 1, [2, 2, 1, 2])
  },
  { about: 'a stride each way', batch: 2, image: [7, 8, 3], filters: 4, window: window([3, 2], [2, 1], [1, 0, 0, 1]) },
  { about: 'gaps across alone', batch: 2, image: [5, 11, 2], filters: 3, window: window([3, 2], [1, 4], [1, 1, 1, 0]) },
  { about: 'overlapping steps', batch: 2, image: [9, 10, 3], filters: 2, window: window([5, 4], 2, [2, 2, 1, 1]) }
];
/** So many weights that the batch is summed in fewer parts than it has examples. */
const manyWeights: Images = {
  about: 'many weights',
  batch: 5,
  image: [1, 1, 700],
  filters: 600,
  window: window([1, 1])
};

export function imageCases(): OpCase[] {
  return [
    ...images.flatMap((on) => [convolution(on, true), convolution(on, false)]),
    ...[...images, manyWeights].flatMap((on) => [backWeights(on, true), backWeights(on, false)]),
    ...images.flatMap((on) => [backInput(on, true), backInput(on, false), pixelSums(on, true), pixelSums(on, false)]),
    ...images.flatMap((on) => pools.flatMap((pool) => poolCases(on, pool)))
  ];
}

interface Cell {
  /** Pixel of x, pixel of y: without the channel. */
  readonly x: number;
  readonly y: number;
  /** Cell of the window: u·kw + v. */
  readonly cell: number;
}

/** Every cell of every window that lies on an image, in the order of the definition. */
function cellsOf({ batch, image: [height, width], window }: Images): Cell[] {
  const [rows, columns] = windowsOver([height, width], window);
  const cells: Cell[] = [];
  for (let at = 0; at < batch * rows * columns; at++)
    for (let cell = 0; cell < window.kernel[0] * window.kernel[1]; cell++) {
      const [b, r, s] = [Math.floor(at / (rows * columns)), Math.floor(at / columns) % rows, at % columns];
      const i = r * window.stride[0] - window.pad[0] + Math.floor(cell / window.kernel[1]);
      const j = s * window.stride[1] - window.pad[2] + (cell % window.kernel[1]);
      if (i >= 0 && i < height && j >= 0 && j < width) cells.push({ x: (b * height + i) * width + j, y: at, cell });
    }
  return cells;
}

const outputOf = ({ image, window }: Images, channels: number): Shape => [...windowsOver(image, window), channels];
const weightsOf = ({ image, filters, window }: Images): Shape => [...window.kernel, image[2], filters];

/** Σ over the cells, channels and filters of what `term` adds to one element. */
function accumulate(
  on: Images,
  size: number,
  term: (at: { x: number; w: number; y: number }) => readonly [at: number, value: number]
): Float64Array {
  const sums = new Float64Array(size);
  const channels = on.image[2];
  for (const { x, y, cell } of cellsOf(on))
    for (let c = 0; c < channels; c++)
      for (let o = 0; o < on.filters; o++) {
        const [at, value] = term({
          x: x * channels + c,
          w: (cell * channels + c) * on.filters + o,
          y: y * on.filters + o
        });
        sums[at]! += value;
      }
  return sums;
}

function convolution(on: Images, biased: boolean): OpCase {
  const bench = new Bench(`conv2d over ${on.about}${biased ? ', with bias' : ''}`, on.batch);
  const x = bench.input('x', on.image, true);
  const w = bench.input('w', weightsOf(on), false);
  const bias = biased ? bench.input('bias', [on.filters], false) : null;
  const [vx, vw, vb] = [bench.inputs.get(x)!, bench.inputs.get(w)!, bias && bench.inputs.get(bias)!];
  const shape = outputOf(on, on.filters);
  const sums = accumulate(on, on.batch * sizeOf(shape), (at) => [at.y, vx[at.x]! * vw[at.w]!]);
  const y = bench.output('y', shape, true, (i) => sums[i]! + (vb?.[i % on.filters] ?? 0));
  return bench.finish([{ op: 'conv2d', window: on.window, x, w, bias, y }], 3e-6);
}

/** A gradient that is written, or added to what is there. */
function gradient(
  bench: Bench,
  { name, shape, perExample, add }: { name: string; shape: Shape; perExample: boolean; add: boolean },
  sums: Float64Array
): Tensor {
  const tensor = bench.output(name, shape, perExample, (i) => sums[i]! + (add ? Math.fround(Math.sin(i)) : 0));
  if (add)
    bench.inputs.set(
      tensor,
      Float32Array.from(sums, (_, i) => Math.sin(i))
    );
  return tensor;
}

function backInput(on: Images, add: boolean): OpCase {
  const bench = new Bench(`conv2dBackInput over ${on.about}${add ? ', added' : ''}`, on.batch);
  const dy = bench.input('dy', outputOf(on, on.filters), true);
  const w = bench.input('w', weightsOf(on), false);
  const [vdy, vw] = [bench.inputs.get(dy)!, bench.inputs.get(w)!];
  const sums = accumulate(on, on.batch * sizeOf(on.image), (at) => [at.x, vdy[at.y]! * vw[at.w]!]);
  const dx = gradient(bench, { name: 'dx', shape: on.image, perExample: true, add }, sums);
  return bench.finish([{ op: 'conv2dBackInput', window: on.window, dy, w, dx, add }], 3e-6);
}

function backWeights(on: Images, add: boolean): OpCase {
  const bench = new Bench(`conv2dBackWeights over ${on.about}${add ? ', added' : ''}`, on.batch);
  const x = bench.input('x', on.image, true);
  const dy = bench.input('dy', outputOf(on, on.filters), true);
  const [vx, vdy] = [bench.inputs.get(x)!, bench.inputs.get(dy)!];
  const shape = weightsOf(on);
  const sums = accumulate(on, sizeOf(shape), (at) => [at.w, vx[at.x]! * vdy[at.y]!]);
  const dw = gradient(bench, { name: 'dw', shape, perExample: false, add }, sums);
  return bench.finish([{ op: 'conv2dBackWeights', window: on.window, x, dy, dw, add }], 3e-6);
}

/** The gradient of a bias: a sum over the pixels of all images. */
function pixelSums(on: Images, add: boolean): OpCase {
  const bench = new Bench(`sumRows over the pixels of ${on.about}${add ? ', added' : ''}`, on.batch);
  const x = bench.input('x', on.image, true);
  const channels = on.image[2];
  const sums = new Float64Array(channels);
  for (const [i, value] of bench.inputs.get(x)!.entries()) sums[i % channels]! += value;
  const y = gradient(bench, { name: 'y', shape: [channels], perExample: false, add }, sums);
  return bench.finish([{ op: 'sumRows', x, y, add }], 3e-6);
}

interface Pool {
  readonly kind: PoolKind;
  readonly countBorder: boolean;
  readonly about: string;
  readonly draw: (uniform: number, i: number) => number;
}

const uniform = (u: number) => 2 * u - 1;
const pools: Pool[] = [
  { kind: 'max', countBorder: false, about: '', draw: uniform },
  { kind: 'max', countBorder: false, about: ' with ties', draw: (u) => Math.floor(3 * u) - 1 },
  { kind: 'max', countBorder: false, about: ' with NaN', draw: (u, i) => (i % 5 === 2 ? NaN : uniform(u)) },
  { kind: 'average', countBorder: true, about: ', border counted', draw: uniform },
  { kind: 'average', countBorder: false, about: ', border not counted', draw: uniform }
];

function poolCases(on: Images, pool: Pool): OpCase[] {
  return [poolForward(on, pool), poolBack(on, pool, false), poolBack(on, pool, true)];
}

const titleOf = (name: string, on: Images, pool: Pool) => `${name} ${pool.kind} over ${on.about}${pool.about}`;

/** The values under each window of each channel: index of y → cells in order. */
function valuesUnder(on: Images, x: Float32Array): Map<number, { at: number; value: number }[]> {
  const channels = on.image[2];
  const under = new Map<number, { at: number; value: number }[]>();
  for (const cell of cellsOf(on))
    for (let c = 0; c < channels; c++) {
      const [y, at] = [cell.y * channels + c, cell.x * channels + c];
      under.set(y, [...(under.get(y) ?? []), { at, value: x[at]! }]);
    }
  return under;
}

function pooled(on: Images, pool: Pool, values: readonly { value: number }[]): number {
  const numbers = values.map(({ value }) => value);
  if (pool.kind === 'max') return Math.max(...numbers);
  const cells = pool.countBorder ? on.window.kernel[0] * on.window.kernel[1] : numbers.length;
  return numbers.reduce((sum, value) => sum + value, 0) / cells;
}

function poolForward(on: Images, pool: Pool): OpCase {
  const bench = new Bench(titleOf('pool2d', on, pool), on.batch);
  const x = bench.input('x', on.image, true, pool.draw);
  const under = valuesUnder(on, bench.inputs.get(x)!);
  const y = bench.output('y', outputOf(on, on.image[2]), true, (i) => pooled(on, pool, under.get(i)!));
  const { kind, countBorder } = pool;
  return bench.finish([{ op: 'pool2d', kind, window: on.window, countBorder, x, y }], 1e-6);
}

function poolBack(on: Images, pool: Pool, add: boolean): OpCase {
  const bench = new Bench(`${titleOf('pool2dBack', on, pool)}${add ? ', added' : ''}`, on.batch);
  const shape = outputOf(on, on.image[2]);
  const x = bench.input('x', on.image, true, pool.draw);
  const under = valuesUnder(on, bench.inputs.get(x)!);
  const y = bench.input('y', shape, true, (_, i) => pooled(on, pool, under.get(i)!));
  const dy = bench.input('dy', shape, true);
  const [vy, vdy] = [bench.inputs.get(y)!, bench.inputs.get(dy)!];
  const sums = new Float64Array(on.batch * sizeOf(on.image));
  for (const [i, values] of under) {
    const won = pool.kind === 'max' ? values.filter(({ value }) => value === vy[i]).slice(0, 1) : values;
    const cells = pool.countBorder ? on.window.kernel[0] * on.window.kernel[1] : won.length;
    for (const { at } of won) sums[at]! += vdy[i]! / cells;
  }
  const dx = gradient(bench, { name: 'dx', shape: on.image, perExample: true, add }, sums);
  const { kind, countBorder } = pool;
  return bench.finish([{ op: 'pool2dBack', kind, window: on.window, countBorder, x, y, dy, dx, add }], 1e-6);
}
