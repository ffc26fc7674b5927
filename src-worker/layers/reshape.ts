import { integer } from '../contract/fields.ts';
import { sizeOf } from '../plan/program.ts';
import { defineLayer, oneInput } from './layer.ts';

/**
 * The same values as an image of another shape, in the order in which they lie in memory.
 *
 * Shapes: x (B, …), y (B, height, width, channels) with as many values.
 */
export const reshape = defineLayer({
  kind: 'reshape',
  group: 'shape',
  help: 'The same values as an image of another shape',
  config: {
    height: integer(1, 'Rows', { min: 1, max: 65_536 }),
    width: integer(1, 'Columns', { min: 1, max: 65_536 }),
    channels: integer(1, 'Channels', { min: 1, max: 65_536 })
  },
  inputs: oneInput,
  view: true,
  outputSteps: (_, { height, width, channels }) => [
    { text: `${height}·${width}·${channels}`, value: height * width * channels }
  ],
  outputShape([x], { height, width, channels }) {
    if (sizeOf(x!) === height * width * channels) return [height, width, channels];
    return {
      why: `${x!.join('×')} are ${sizeOf(x!)} values, but ${height}×${width}×${channels} takes ${height * width * channels}`,
      remedy: 'Choose sizes whose product is the number of values.'
    };
  }
});
