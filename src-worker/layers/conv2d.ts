import { flag, integer, kindOf, type Kinded } from '../contract/fields.ts';
import { initializers } from '../initializers/table.ts';
import { windowsOver } from '../plan/program.ts';
import { defineLayer, oneInput } from './layer.ts';
import { refuseWindow, sizeFormula, windowFields, windowOver, windowSteps } from './window.ts';

/**
 * 2-D convolution: every filter looks at every place of the image through the same small window of weights.
 *
 *   y[r, s, o] = b[o] + Σ over the window (u, v) and the channels c of x[r·stride + u − pad, s·stride + v − pad, c] · W[u, v, c, o]
 *
 * Shapes: x (B, H, W, C), W (k, k, C, O), b (O), y (B, H′, W′, O) with H′ = ⌊(H + 2·pad − k) / stride⌋ + 1; images as
 * [height, width, channels].
 * Config: `filters` = O; `kernel` = k (`kernelWidth` where it is not square); `stride` (`strideWidth` where it differs across);
 * `padding` valid, same, or explicit with `pad`.
 * Source: Goodfellow et al. 2016, Deep Learning, eq. 9.6 (cross-correlation: the kernel is not flipped), section 9.5 for the strides.
 * As plain loops: backends/reference/images.ts.
 */
export const conv2d = defineLayer({
  kind: 'conv2d',
  group: 'core',
  help: 'Filters that look at every place of an image through a small window',
  config: {
    filters: integer(16, 'Number of filters', { min: 1, max: 4096, scale: 'log' }),
    kernel: integer(3, 'Height of the window, and its width unless that is given', { min: 1, max: 64 }),
    kernelWidth: integer(0, 'Width of the window; 0: square', { min: 0, max: 64 }),
    stride: integer(1, 'Pixels from one place to the next, down, and across unless that is given', { min: 1, max: 64 }),
    ...windowFields,
    init: kindOf(initializers, 'he-normal', 'Initial weights'),
    bias: flag(true, 'Add a learned bias to every filter')
  },
  formula: `y_o = b_o + \\sum_c W_{co} \\star x_c\n${sizeFormula}`,
  inputs: oneInput,

  outputShape: ([x], config) =>
    refuseWindow(x!, config) ?? [...windowsOver(x!, windowOver(x!, config)), config.filters],

  outputSteps: ([x], config) => windowSteps(x!, config),

  parameters([x], { filters, init, bias, ...config }) {
    const [height, width] = windowOver(x!, config).kernel;
    const channels = x![2]!;
    const fans = { fanIn: height * width * channels, fanOut: height * width * filters };
    const b = { shape: [filters], role: 'bias', init: { kind: 'zeros' } satisfies Kinded, ...fans } as const;
    return { W: { shape: [height, width, channels, filters], role: 'weight', init, ...fans }, ...(bias && { b }) };
  },

  multiplyAdds([x], config) {
    const window = windowOver(x!, config);
    const [rows, columns] = windowsOver(x!, window);
    return rows * columns * config.filters * window.kernel[0] * window.kernel[1] * x![2]!;
  },

  forward(record, { x, y }, { W, b }, config) {
    record.conv2d({ window: windowOver(x.shape, config), x, w: W!, bias: b ?? null, y });
  },

  backward(record, { x, dy, dx }, { W, b }, { dW, db }, config) {
    const window = windowOver(x.shape, config);
    record.conv2dBackWeights({ window, x, dy, dw: dW! }); //       dW += every patch of x, times its dy
    if (b) record.sumRows(dy, db!, { add: true }); //              db += Σ over all pixels of dy
    if (dx) record.conv2dBackInput({ window, dy, w: W!, dx }); //  dx += every dy, spread back through the window
  }
});
