import { integer } from '../contract/fields.ts';
import { refusal, shapeText, type Way } from '../contract/refusal.ts';
import { sizeOf } from '../plan/program.ts';
import { imageSizes } from './image-sizes.ts';
import { defineLayer, oneInput } from './layer.ts';

type Sizes = Readonly<Record<'height' | 'width' | 'channels', number>>;

/** One of the three sizes so that the product is right, where that is a whole number. */
function withOneChanged(sizes: Sizes, values: number): Way[] {
  const product = sizes.height * sizes.width * sizes.channels;
  const names = ['channels', 'width', 'height'] as const;
  const wanted = names.map((name) => [name, values / (product / sizes[name])] as const);
  return wanted.flatMap(([name, size]) => (Number.isInteger(size) ? [{ set: { [name]: size } }] : []));
}

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
    const values = sizeOf(x!);
    const shapes = { expected: shapeText([height, width, channels]), actual: shapeText(x!) };
    return refusal('reshape-size', { ...shapes, values, wanted: height * width * channels }, [
      ...withOneChanged({ height, width, channels }, values),
      { set: imageSizes(x!) }
    ]);
  }
});
