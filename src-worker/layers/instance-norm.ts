import { channelsOf } from './channels.ts';
import { defineExampleNorm, eps } from './normalize.ts';

/**
 * Instance normalization: every channel of every example by itself to mean 0 and variance 1 over its pixels, then to a scale and an
 * offset that are learned.
 *
 * Shapes: x, y (B, H, W, C); γ, β (C).
 * Source: Ulyanov, Vedaldi & Lempitsky 2016, Instance Normalization, arXiv:1607.08022.
 */
export const instanceNorm = defineExampleNorm({
  kind: 'instance-norm',
  help: 'Every channel of every example to mean 0 and variance 1',
  config: { eps },
  sharing: (x) => ({ grid: channelsOf(x), statistics: 'k', learned: 'k', shape: [x.at(-1)!] })
});
