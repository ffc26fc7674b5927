/**
 * Layouts of the golden values and ours: their images are [B, C, H, W] and their filters [O, C, h, w], ours [B, H, W, C] and
 * [h, w, C, O]; they flatten an image channel by channel, we pixel by pixel.
 */
import { sizeOf, type Shape } from '../plan/program.ts';
import type { GoldenTensor } from './golden.ts';

export type Numbers = GoldenTensor['data'];

/** Where each element of the permuted tensor comes from; axis k of the result is axis order[k]. */
function sources(shape: Shape, order: readonly number[]): Int32Array {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const lengths = order.map((axis) => shape[axis]!);
  return Int32Array.from({ length: sizeOf(shape) }, (_, i) => {
    let [rest, at] = [i, 0];
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      at += (rest % lengths[axis]!) * strides[order[axis]!]!;
      rest = Math.floor(rest / lengths[axis]!);
    }
    return at;
  });
}

/** A way of seeing a tensor in our layout, and values of ours in its. */
export interface Layout {
  readonly shape: Shape;
  toOurs<T extends ArrayLike<number>>(values: T): T;
  toGolden(values: ArrayLike<number>): Float64Array;
}

export function permuted(shape: Shape, order: readonly number[]): Layout {
  const from = sources(shape, order);
  return {
    shape: order.map((axis) => shape[axis]!),
    toOurs<T extends ArrayLike<number>>(values: T): T {
      const make = values.constructor as unknown as { from(of: Int32Array, as: (at: number) => number): T };
      return make.from(from, (at) => values[at]!);
    },
    toGolden(values) {
      const back = new Float64Array(from.length);
      for (const [at, to] of from.entries()) back[to] = values[at]!;
      return back;
    }
  };
}

const axesOf = (shape: Shape) => shape.map((_, axis) => axis);

/** The order stays. */
export const asIs = (shape: Shape): Layout => permuted(shape, axesOf(shape));

/** One axis moves to the end: `channelsLast` of [B, C, H, W] with axis 1, [h, w, C, O] of [O, C, h, w] with axis 0 and so on. */
export function axisLast(shape: Shape, axis: number): Layout {
  const at = axis < 0 ? axis + shape.length : axis;
  return permuted(shape, [...axesOf(shape).filter((other) => other !== at), at]);
}

/** [O, C, h, w] → [h, w, C, O]. */
export const filters = (shape: Shape): Layout => permuted(shape, [2, 3, 1, 0]);
