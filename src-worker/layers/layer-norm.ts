import { choice } from '../contract/fields.ts';
import { sizeOf } from '../plan/program.ts';
import { channelsOf } from './channels.ts';
import { defineExampleNorm, eps } from './normalize.ts';

/**
 * Layer normalization: all values of an example to mean 0 and variance 1 together, then to a scale and an offset that are learned;
 * or, over the channels, those of every pixel or word by itself.
 *
 * Shapes: x, y (B, …); γ, β as one example, or (C) over the channels.
 * Config: `over` = example or channels.
 * Source: Ba, Kiros & Hinton 2016, Layer Normalization, arXiv:1607.06450, eq. 3; gain and bias as in its section 3.1.
 */
export const layerNorm = defineExampleNorm({
  kind: 'layer-norm',
  help: 'All values of an example to mean 0 and variance 1',
  config: { eps, over: choice('example', ['example', 'channels'], 'All values together, or those of every pixel') },
  sharing: (x, { over }) =>
    over === 'example'
      ? { grid: { pixels: 1, groups: 1, members: sizeOf(x) }, statistics: '', learned: 'k', shape: x }
      : { grid: channelsOf(x), statistics: 'p', learned: 'k', shape: [x.at(-1)!] }
});
