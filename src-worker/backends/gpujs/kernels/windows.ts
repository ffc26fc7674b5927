/**
 * Source text that convolution and pooling share: where a thread's element lies in its image, and which windows reach a pixel.
 *
 * An image is one row of a matrix: pixel (i, j) and channel c of [H, W, C] are in column (i·W + j)·C + c. Every name below is declared
 * once in a kernel: i, j, c are a place in x; r, s, o one in y; u, v one in the window.
 */
import { LabError } from '../../../contract/errors.ts';
import { sizeOf, windowsOver, type Shape, type Window } from '../../../plan/program.ts';
import { COLUMN } from '../kernel-text.ts';

/** Shapes of one example: x [H, W, C] and y [H′, W′, O]. */
export interface Geometry {
  readonly window: Window;
  readonly x: Shape;
  readonly y: Shape;
}

/** `filters` = O, the channels of y. */
export const geometry = (window: Window, x: Shape, filters: number): Geometry => ({
  window,
  x,
  y: [...windowsOver(x, window), filters]
});

/** Numbers that `quotient` takes apart stay below this. */
export const MAX_DIVIDED = 2 ** 20;

/**
 * ⌊n / divisor⌋ for a whole n. GPUs divide in float32 with errors of some units in the last place, so that 9 / 3 may be 2.9999998:
 * half a step more keeps the quotient away from whole numbers.
 */
export const quotient = (n: string, divisor: number): string =>
  divisor === 1 ? n : `Math.floor((${n} + 0.5) / ${divisor}.0)`;

/** Throws: `backend_unavailable` when something has more places than `quotient` can take apart. */
export function checkDivided(what: string, places: number): void {
  if (places < MAX_DIVIDED) return;
  throw new LabError(
    'backend_unavailable',
    `A GPU convolves and pools what has fewer than ${MAX_DIVIDED} places, but ${what} has ${places}. Make it smaller, or train on wasm.`,
    { places, limit: MAX_DIVIDED }
  );
}

/** Declares where the thread's column lies in an image of the given shape, as `row`, `column` and `channel` name it. */
export function declarePlace(image: Shape, [row, column, channel]: readonly [string, string, string]): string {
  const [, width, channels] = image as readonly [number, number, number];
  checkDivided(`an image of ${image.join('×')}`, sizeOf(image));
  return `
  const ${row}${column} = ${quotient(COLUMN, channels)};
  const ${channel} = ${COLUMN} - ${row}${column} * ${channels};
  const ${row} = ${quotient(`${row}${column}`, width)};
  const ${column} = ${row}${column} - ${row} * ${width};`;
}

export const placeInX = ([, width, channels]: Shape, channel: string): string =>
  `(i * ${width} + j) * ${channels} + ${channel}`;
export const placeInY = ([, columns, channels]: Shape, channel: string): string =>
  `(r * ${columns} + s) * ${channels} + ${channel}`;

/** Does `body` for every cell (u, v) of window (r, s) that lies on the image, row by row; (i, j) is its pixel. */
export function eachCell({ window: { kernel, stride, pad }, x: [height, width] }: Geometry, body: string): string {
  return `
  for (let u = 0; u < ${kernel[0]}; u++) {
    const i = r * ${stride[0]} + u - ${pad[0]};
    if (i >= 0 && i < ${height}) {
      for (let v = 0; v < ${kernel[1]}; v++) {
        const j = s * ${stride[1]} + v - ${pad[2]};
        if (j >= 0 && j < ${width}) {
          ${body}
        }
      }
    }
  }`;
}

/** Does `body` for every window (r, s) that reaches pixel (i, j), from the last to the first; (u, v) is the pixel's cell in it. */
export function eachWindow({ window: { kernel, stride, pad }, y: [rows, columns] }: Geometry, body: string): string {
  const reaching = (axis: 0 | 1, windows: number) => Math.min(Math.ceil(kernel[axis] / stride[axis]), windows);
  return `
  const lastRow = Math.min(${quotient(`(i + ${pad[0]})`, stride[0])}, ${rows! - 1});
  const lastColumn = Math.min(${quotient(`(j + ${pad[2]})`, stride[1])}, ${columns! - 1});
  for (let p = 0; p < ${reaching(0, rows!)}; p++) {
    const r = lastRow - p;
    const u = i + ${pad[0]} - r * ${stride[0]};
    if (r >= 0 && u < ${kernel[0]}) {
      for (let q = 0; q < ${reaching(1, columns!)}; q++) {
        const s = lastColumn - q;
        const v = j + ${pad[2]} - s * ${stride[1]};
        if (s >= 0 && v < ${kernel[1]}) {
          ${body}
        }
      }
    }
  }`;
}
