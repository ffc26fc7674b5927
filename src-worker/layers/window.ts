/** What convolution and pooling share: the window that walks over an image, its padding and its output size. */
import { choice, integer } from '../contract/fields.ts';
import { refusal, shapeText, type Refusal, type Way } from '../contract/refusal.ts';
import { term } from '../contract/words.ts';
import { windowsOver, type Shape, type Window } from '../plan/program.ts';
import { imageSizes } from './image-sizes.ts';
import type { Step } from './layer.ts';

export const windowFields = {
  strideWidth: integer(0, 'Pixels from one place to the next across; 0: as down', { min: 0, max: 64 }),
  padding: choice(
    'valid',
    ['valid', 'same', 'explicit'],
    'No border, a border that keeps the size (divided by the stride), or `pad` pixels'
  ),
  pad: integer(0, 'Border on every side, with explicit padding', {
    min: 0,
    max: 1024,
    when: ['padding', 'explicit']
  })
} as const;

export interface WindowConfig {
  readonly kernel: number;
  /** 0: as wide as high. */
  readonly kernelWidth: number;
  readonly stride: number;
  /** 0: the same across as down. */
  readonly strideWidth: number;
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
  const stride = [config.stride, config.strideWidth || config.stride] as const;
  const { padding, pad } = config;
  const border = (length: number, axis: 0 | 1): [number, number] => {
    if (padding !== 'same') return padding === 'explicit' ? [pad, pad] : [0, 0];
    const total = Math.max((Math.ceil(length / stride[axis]) - 1) * stride[axis] + kernel[axis] - length, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  };
  return { kernel, stride, pad: [...border(height!, 0), ...border(width!, 1)] };
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
    return { text: `⌊(${shape[axis]} + ${border} − ${kernel[axis]})/${stride[axis]}⌋ + 1`, value: sizes[axis]! };
  }) as [Step, Step];
  return rows.text === columns.text ? [rows] : [rows, columns];
}

/** As refuseWindow, and the windows must not lie wholly in the border: of nothing there is neither a largest value nor a mean. */
export function refusePooling(shape: Shape, config: WindowConfig): Refusal | null {
  const refused = refuseWindow(shape, config);
  if (refused) return refused;
  const { kernel, pad } = windowOver(shape, config);
  if (pad[0] < kernel[0] && pad[2] < kernel[1]) return null;
  const most = Math.min(...kernel) - 1;
  const words = { window: shapeText(kernel), limit: most + 1, ...padWords(most, config.pad) };
  return refusal('window-in-border', { ...words, pad: config.pad }, [
    { set: { pad: most } },
    { set: { kernel: config.pad + 1, kernelWidth: 0 } }
  ]);
}

const padWords = (most: number, pad: number) => ({
  expected: term('pad-at-most', { n: most }),
  actual: term('pad', { n: pad })
});

/** Why no window fits, or null. */
export function refuseWindow(shape: Shape, config: WindowConfig): Refusal | null {
  if (shape.length !== 3) return needsImage(shape);
  const window = windowOver(shape, config);
  const [rows, columns] = windowsOver(shape, window);
  if (rows < 1 || columns < 1) return tooLarge(shape, config, window);
  return null;
}

function needsImage(shape: Shape): Refusal {
  const sizes = imageSizes(shape);
  const words = { expected: shapeText(Object.values(sizes)), actual: shapeText(shape) };
  return refusal(shape.length === 2 ? 'needs-image-not-sequence' : 'needs-image', words, [
    { before: { kind: 'reshape', ...sizes } }
  ]);
}

function tooLarge(shape: Shape, config: WindowConfig, { kernel }: Window): Refusal {
  const border = config.padding === 'explicit' ? 2 * config.pad : 0;
  const least = kernel.map((size) => Math.max(1, size - border));
  const words = {
    window: shapeText(kernel),
    expected: shapeText([...least, shape[2]!]),
    actual: shapeText(shape)
  };
  const [high, wide] = [0, 1].map((axis) => Math.min(kernel[axis]!, shape[axis]! + border));
  const smaller: Way = { set: { kernel: high, kernelWidth: wide === high ? 0 : wide } };
  return refusal('window-too-large', words, [{ set: { padding: 'same' } }, smaller]);
}
