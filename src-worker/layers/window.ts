/** What convolution and pooling share: the window that walks over an image, its padding and its output size. */
import { choice, integer } from '../contract/fields.ts';
import { windowsOver, type Shape, type Window } from '../plan/program.ts';
import type { ShapeProblem, Step } from './layer.ts';

export const windowFields = {
  padding: choice(
    'valid',
    ['valid', 'same', 'explicit'],
    'No border, a border that keeps the size (divided by the stride), or `pad` pixels'
  ),
  pad: integer(0, 'Border on every side, with explicit padding', { min: 0, max: 1024 })
} as const;

export interface WindowConfig {
  readonly kernel: number;
  /** 0: as wide as high. */
  readonly kernelWidth: number;
  readonly stride: number;
  readonly padding: 'valid' | 'same' | 'explicit';
  readonly pad: number;
}

/**
 * The window over an image [H, W, C].
 *
 * `same`: output ⌈H / stride⌉; of an odd border the extra row or column lies at the bottom and at the right.
 */
export function windowOver([height, width]: Shape, config: WindowConfig): Window {
  const kernel = [config.kernel, config.kernelWidth || config.kernel] as const;
  const { stride, padding, pad } = config;
  const border = (length: number, size: number): [number, number] => {
    if (padding !== 'same') return padding === 'explicit' ? [pad, pad] : [0, 0];
    const total = Math.max((Math.ceil(length / stride) - 1) * stride + size - length, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  };
  return { kernel, stride, pad: [...border(height!, kernel[0]), ...border(width!, kernel[1])] };
}

/** The output size as TeX: σ the stride, p the border on each side, k the window. */
export const sizeFormula = "H' = \\left\\lfloor \\dfrac{H + 2p - k}{\\sigma} \\right\\rfloor + 1";

/** The same with numbers, for height and width; once where they are alike. An uneven border is written as a sum. */
export function windowSteps(shape: Shape, config: WindowConfig): Step[] {
  const { kernel, stride, pad } = windowOver(shape, config);
  const sizes = windowsOver(shape, { kernel, stride, pad });
  const [rows, columns] = [0, 1].map((axis) => {
    const [before, after] = [pad[2 * axis]!, pad[2 * axis + 1]!];
    const border = before === after ? `2·${before}` : `${before} + ${after}`;
    return { text: `⌊(${shape[axis]} + ${border} − ${kernel[axis]})/${stride}⌋ + 1`, value: sizes[axis]! };
  }) as [Step, Step];
  return rows.text === columns.text ? [rows] : [rows, columns];
}

/** As refuseWindow, and the windows must not lie wholly in the border: of nothing there is neither a largest value nor a mean. */
export function refusePooling(shape: Shape, config: WindowConfig): ShapeProblem | null {
  const refusal = refuseWindow(shape, config);
  if (refusal) return refusal;
  const { kernel, pad } = windowOver(shape, config);
  if (pad[0] < kernel[0] && pad[2] < kernel[1]) return null;
  return {
    why: `the first windows of ${kernel.join('×')} lie wholly in a border of ${config.pad} pixels, where there is nothing to pool`,
    remedy: `Set pad below ${Math.min(...kernel)}, or use a larger kernel.`
  };
}

/** Why no window fits, or null. */
export function refuseWindow(shape: Shape, config: WindowConfig): ShapeProblem | null {
  if (shape.length !== 3)
    return {
      why: `an image of height, width and channels is expected, but ${shape.join('×')} comes in`,
      remedy:
        shape.length === 2
          ? `Reshape to ${shape[0]}×1×${shape[1]}, or use global average pooling.`
          : 'Put this layer before flatten, or reshape to an image.'
    };
  const window = windowOver(shape, config);
  const [rows, columns] = windowsOver(shape, window);
  if (rows < 1 || columns < 1)
    return {
      why: `a window of ${window.kernel.join('×')} does not fit into ${shape[0]}×${shape[1]} pixels`,
      remedy: 'Use a smaller kernel or padding “same”.'
    };
  return null;
}
