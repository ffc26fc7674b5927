import { number } from '../contract/fields.ts';
import { defineInitializer } from './initializer.ts';

/**
 * Identity times a gain: input i feeds output i alone, with weight g; a convolution does so at the middle of its window. Through L such
 * layers without activations everything is multiplied by g^L: the plainest picture of gradients that vanish or explode.
 *
 * Shapes: W (I, O), or (height, width, C, O).
 * Source: Le, Jaitly & Hinton 2015, arXiv:1504.00941, section 2 (identity matrices as first weights).
 */
export const identity = defineInitializer({
  kind: 'identity',
  help: 'Input i feeds output i alone',
  config: { gain: number(1, 'Factor on all weights', { min: -100, max: 100 }) },
  fill(values, { shape }, { gain }) {
    const [inputs, outputs] = [shape.at(-2)!, shape.at(-1)!];
    const [height = 1, width = 1] = shape.length === 4 ? shape : [];
    const middle = Math.floor((height - 1) / 2) * width + Math.floor((width - 1) / 2);
    values.fill(0);
    for (let i = 0; i < Math.min(inputs, outputs); i++) values[(middle * inputs + i) * outputs + i] = gain;
  }
});
