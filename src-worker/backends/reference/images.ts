/** Convolution and pooling as their definitions say, one window after another. */
import { windowsOver } from '../../plan/program.ts';
import type {
  Conv2dBackInputOp,
  Conv2dBackWeightsOp,
  Conv2dOp,
  Pool2dBackOp,
  Pool2dOp,
  Shape,
  Window
} from '../../plan/program.ts';
import type { Place } from './operations.ts';

/** One value under a window: position in x (or −1 on the border), in the kernel and in y, all without the channel. */
type Visit = (x: number, kernel: number, y: number) => void;

/** Visits every kernel position of every window of every example, row by row. */
function eachPosition(window: Window, x: Shape, examples: number, visit: Visit): void {
  const { kernel, stride, pad } = window;
  const [height, width] = x as readonly [number, number, number];
  const [rows, columns] = windowsOver(x, window);
  for (let b = 0; b < examples; b++)
    for (let r = 0; r < rows; r++)
      for (let s = 0; s < columns; s++)
        for (let u = 0; u < kernel[0]; u++)
          for (let v = 0; v < kernel[1]; v++) {
            const i = r * stride[0] + u - pad[0];
            const j = s * stride[1] + v - pad[2];
            const isInside = i >= 0 && i < height && j >= 0 && j < width;
            visit(isInside ? (b * height + i) * width + j : -1, u * kernel[1] + v, (b * rows + r) * columns + s);
          }
}

export function conv2d({ window, x, w, bias, y }: Conv2dOp, { values, rows }: Place): () => void {
  const [vx, vw, vy, vbias] = [values(x), values(w), values(y), bias && values(bias)];
  const [channels, filters] = [x.shape[2]!, y.shape[2]!];
  return () => {
    const sums = new Float64Array((rows.count * y.shape[0]! * y.shape[1]! + 1) * filters);
    eachPosition(window, x.shape, rows.count, (at, k, to) => {
      for (let c = 0; at >= 0 && c < channels; c++)
        for (let o = 0; o < filters; o++)
          sums[to * filters + o]! += vx[at * channels + c]! * vw[(k * channels + c) * filters + o]!;
    });
    for (let i = 0; i < sums.length - filters; i++) vy[i] = sums[i]! + (vbias ? vbias[i % filters]! : 0);
  };
}

export function conv2dBackInput({ window, dy, w, dx, add }: Conv2dBackInputOp, { values, rows }: Place): () => void {
  const [vdy, vw, vdx] = [values(dy), values(w), values(dx)];
  const [channels, filters] = [dx.shape[2]!, dy.shape[2]!];
  return () => {
    if (!add) vdx.fill(0);
    eachPosition(window, dx.shape, rows.count, (at, k, from) => {
      for (let c = 0; at >= 0 && c < channels; c++)
        for (let o = 0; o < filters; o++)
          vdx[at * channels + c]! += vdy[from * filters + o]! * vw[(k * channels + c) * filters + o]!;
    });
  };
}

export function conv2dBackWeights(
  { window, x, dy, dw, add }: Conv2dBackWeightsOp,
  { values, rows }: Place
): () => void {
  const [vx, vdy, vdw] = [values(x), values(dy), values(dw)];
  const [channels, filters] = [x.shape[2]!, dy.shape[2]!];
  return () => {
    const sums = new Float64Array(vdw.length);
    eachPosition(window, x.shape, rows.count, (at, k, from) => {
      for (let c = 0; at >= 0 && c < channels; c++)
        for (let o = 0; o < filters; o++)
          sums[(k * channels + c) * filters + o]! += vx[at * channels + c]! * vdy[from * filters + o]!;
    });
    for (let i = 0; i < sums.length; i++) vdw[i] = (add ? vdw[i]! : 0) + sums[i]!;
  };
}

/** How many cells of each window count in its mean. */
function cellsOf({ window, countBorder, x }: Pool2dOp | Pool2dBackOp): Float64Array {
  const [rows, columns] = windowsOver(x.shape, window);
  const cells = new Float64Array(rows * columns);
  eachPosition(window, x.shape, 1, (at, _, to) => void (cells[to]! += at >= 0 || countBorder ? 1 : 0));
  return cells;
}

export function pool2d(op: Pool2dOp, { values, rows }: Place): () => void {
  const { kind, window, x, y } = op;
  const [vx, vy] = [values(x), values(y)];
  const channels = x.shape[2]!;
  const cells = cellsOf(op);
  return () => {
    vy.fill(kind === 'max' ? -Infinity : 0);
    eachPosition(window, x.shape, rows.count, (at, _, to) => {
      for (let c = 0; at >= 0 && c < channels; c++) {
        const value = vx[at * channels + c]!;
        const y = to * channels + c;
        if (kind === 'average') vy[y]! += value / cells[to % cells.length]!;
        else if (value > vy[y]! || Number.isNaN(value)) vy[y] = value; // nothing is larger than NaN: it stays
      }
    });
  };
}

export function pool2dBack(op: Pool2dBackOp, { values, rows }: Place): () => void {
  const { kind, window, x, y, dy, dx, add } = op;
  const [vx, vy, vdy, vdx] = [values(x), values(y), values(dy), values(dx)];
  const channels = x.shape[2]!;
  const cells = cellsOf(op);
  return () => {
    if (!add) vdx.fill(0);
    const given = new Uint8Array(vy.length);
    eachPosition(window, x.shape, rows.count, (at, _, from) => {
      for (let c = 0; at >= 0 && c < channels; c++) {
        const [i, j] = [at * channels + c, from * channels + c];
        if (kind === 'average') vdx[i]! += vdy[j]! / cells[from % cells.length]!;
        else if (given[j] === 0 && vx[i] === vy[j]) {
          vdx[i]! += vdy[j]!;
          given[j] = 1;
        }
      }
    });
  };
}
