import { sizeOf } from '../plan/program.ts';
import { defineLayer, oneInput } from './layer.ts';

/**
 * All values of an example in one row, in the order in which they lie in memory: [height, width, channels] row by row.
 *
 * Shapes: x (B, …), y (B, N) with N the product of all axes of x.
 */
export const flatten = defineLayer({
  kind: 'flatten',
  group: 'shape',
  help: 'All values of an example in one row',
  config: {},
  formula: 'N = \\textstyle\\prod_a n_a',
  inputs: oneInput,
  view: true,
  outputShape: ([x]) => [sizeOf(x!)],
  outputSteps: ([x]) => [{ text: x!.join('·'), value: sizeOf(x!) }]
});
