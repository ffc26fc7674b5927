import { number } from '../contract/fields.ts';
import { randomStream } from '../data/random.ts';
import { defineChange } from './augmentation.ts';

/**
 * Adds N(0, σ²) to every value. Values are not cut off at black and white, which would shift their mean.
 *
 * Source: Goodfellow et al. 2016, Deep Learning, section 7.4 (noise on the inputs).
 */
export const noise = defineChange({
  kind: 'noise',
  help: 'Add random noise to every value',
  config: { deviation: number(0.05, 'Standard deviation, as a share of the full range', { min: 0, max: 10 }) },
  imagesOnly: false,

  apply(image, { random, unit }, { deviation }) {
    const scale = deviation * unit;
    if (scale === 0) return;
    sizes ??= drawSizes();
    for (let i = 0; i < image.length; i += 2) {
      const word = random.uint32();
      image[i]! += scale * signed(sizes, word & 0xffff);
      if (i + 1 < image.length) image[i + 1]! += scale * signed(sizes, word >>> 16);
    }
  }
});

const COUNT = 2 ** 15;
/** |N(0, 1)| so many times. To draw each number anew takes a hundred nanoseconds, longer than to train on it. */
let sizes: Float64Array | null = null;

/** The same in every run; their squares have mean 1. */
function drawSizes(): Float64Array {
  const random = randomStream(0, 'augment/noise');
  const drawn = Float64Array.from({ length: COUNT }, () => Math.abs(random.normal()));
  const root = Math.sqrt(drawn.reduce((sum, size) => sum + size * size, 0) / COUNT);
  return drawn.map((size) => size / root);
}

/** 15 bits choose the size, one the sign. */
const signed = (from: Float64Array, bits: number): number => (bits < COUNT ? from[bits]! : -from[bits - COUNT]!);
