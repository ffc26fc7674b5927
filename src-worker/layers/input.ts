import { refusal } from '../contract/refusal.ts';
import { defineLayer } from './layer.ts';

/** Where the examples come in; its shape is that of the dataset, given by whoever infers shapes. */
export const input = defineLayer({
  kind: 'input',
  group: 'input',
  help: 'The examples of the dataset',
  config: {},
  inputs: { min: 0, max: 0 },
  outputShape: ([shape]) => shape ?? refusal('no-dataset')
});
