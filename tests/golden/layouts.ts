/**
 * The golden set's layouts and ours: its images are [B, C, H, W] and its filters [O, C, h, w], ours [B, H, W, C] and [h, w, C, O]; it
 * flattens an image channel by channel, we pixel by pixel.
 */
import type { Shape } from '../../src-worker/plan/program.ts';
import type { GoldenTensor } from './read.ts';

interface Values {
  readonly shape: Shape;
  readonly data: GoldenTensor['data'];
}

/** Axis k of the result is axis order[k] of the tensor. */
export function permute({ shape, data: from }: Values, order: readonly number[]): GoldenTensor['data'] {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const to = from.slice();
  const lengths = order.map((axis) => shape[axis]!);
  for (let i = 0; i < to.length; i++) {
    let [rest, at] = [i, 0];
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      at += (rest % lengths[axis]!) * strides[order[axis]!]!;
      rest = Math.floor(rest / lengths[axis]!);
    }
    to[i] = from[at]!;
  }
  return to;
}

export const toNhwc = (tensor: GoldenTensor) =>
  tensor.shape.length === 4 ? permute(tensor, [0, 2, 3, 1]) : tensor.data;
export const toHwio = (tensor: Values) => permute(tensor, [2, 3, 1, 0]);
