import { flag, integer, type ConfigOf } from '../contract/fields.ts';
import { windowsOver, type PoolKind, type Shape } from '../plan/program.ts';
import { defineLayer, oneInput, type LayerDefinition } from './layer.ts';
import {
  refusePooling,
  refuseWindow,
  sizeFormula,
  windowFields,
  windowOver,
  windowSteps,
  type WindowConfig
} from './window.ts';

const size = {
  kernel: integer(2, 'Height of the window, and its width unless that is given', { min: 1, max: 64 }),
  kernelWidth: integer(0, 'Width of the window; 0: square', { min: 0, max: 64 }),
  stride: integer(2, 'Pixels from one place to the next, down, and across unless that is given', { min: 1, max: 64 }),
  ...windowFields
} as const;

/**
 * Pooling: one number for every window and channel. Nothing to learn.
 *
 * Shapes: x (B, H, W, C), y (B, H′, W′, C) with H′ = ⌊(H + 2·pad − k) / stride⌋ + 1.
 */
function definePooling(
  kind: string,
  pool: PoolKind,
  help: string,
  rule: string,
  more: { readonly countBorder?: ReturnType<typeof flag> }
): LayerDefinition {
  const config = { ...size, ...more };
  const border = (settings: ConfigOf<typeof config>) => (settings as { countBorder?: boolean }).countBorder ?? false;
  return defineLayer({
    kind,
    group: 'core',
    help,
    config,
    formula: `${rule}\n${sizeFormula}`,
    inputs: oneInput,
    outputShape: ([x], settings) =>
      refusePooling(x!, settings as WindowConfig) ?? [
        ...windowsOver(x!, windowOver(x!, settings as WindowConfig)),
        x![2]!
      ],
    outputSteps: ([x], settings) => windowSteps(x!, settings as WindowConfig),
    forward(record, { x, y }, _, settings) {
      record.pool2d({
        kind: pool,
        window: windowOver(x.shape, settings as WindowConfig),
        countBorder: border(settings),
        x,
        y
      });
    },
    backward(record, { x, y, dy, dx }, _, __, settings) {
      if (!dx) return;
      record.pool2dBack({
        kind: pool,
        window: windowOver(x.shape, settings as WindowConfig),
        countBorder: border(settings),
        x,
        y,
        dy,
        dx
      });
    }
  });
}

/** The largest value of each window. Source: Goodfellow et al. 2016, Deep Learning, section 9.3. */
export const maxPool = definePooling(
  'max-pool',
  'max',
  'The largest value of each window',
  'y_{rsc} = \\max_{u,v}\\; x_{r\\sigma+u-p,\\;s\\sigma+v-p,\\;c}',
  {}
);

/** The mean of each window. */
export const averagePool = definePooling(
  'average-pool',
  'average',
  'The mean of each window',
  'y_{rsc} = \\operatorname{mean}_{u,v}\\; x_{r\\sigma+u-p,\\;s\\sigma+v-p,\\;c}',
  { countBorder: flag(true, 'Border cells count, as zeros') }
);

/**
 * The mean of each channel over the whole image, or over the words of a sequence.
 *
 * Shapes: x (B, H, W, C) or (B, T, C), y (B, C).
 * Source: Lin, Chen & Yan 2014, Network In Network, arXiv:1312.4400, section 3.2.
 */
export const globalAveragePool = defineLayer({
  kind: 'global-average-pool',
  group: 'core',
  help: 'The mean of each channel over the whole image',
  config: {},
  formula: 'y_c = \\dfrac{1}{H W} \\sum_{r,s} x_{rsc}',
  inputs: oneInput,
  outputShape: ([x]) => refuseWindow(imageOf(x!), whole(imageOf(x!))) ?? [x!.at(-1)!],
  forward(record, { x, y }) {
    const image = { ...x, shape: imageOf(x.shape) };
    const window = windowOver(image.shape, whole(image.shape));
    record.pool2d({ kind: 'average', window, countBorder: false, x: image, y });
  },
  backward(record, { x, y, dy, dx }) {
    const shape = imageOf(x.shape);
    const window = windowOver(shape, whole(shape));
    if (dx)
      record.pool2dBack({
        kind: 'average',
        window,
        countBorder: false,
        x: { ...x, shape },
        y,
        dy,
        dx: { ...dx, shape }
      });
  }
});

/** A sequence [T, C] is an image one pixel wide. */
const imageOf = (x: Shape): Shape => (x.length === 2 ? [x[0]!, 1, x[1]!] : x);

const whole = ([height, width]: readonly number[]): WindowConfig => ({
  kernel: height ?? 1,
  kernelWidth: width ?? 1,
  stride: 1,
  strideWidth: 0,
  padding: 'valid',
  pad: 0
});
