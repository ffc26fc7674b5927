import { integer } from '../contract/fields.ts';
import { refusal, shapeText } from '../contract/refusal.ts';
import { defineChange } from './augmentation.ts';

/**
 * Blackens a square. Its centre is any pixel, so that at the edge a part of it lies outside.
 *
 * Source: DeVries & Taylor 2017, arXiv:1708.04552, section 3.
 */
export const cutout = defineChange({
  kind: 'cutout',
  help: 'Blacken a square at a random place',
  config: { size: integer(8, 'Side of the square, in pixels', { min: 1, max: 4096 }) },
  imagesOnly: true,

  refuses([height, width], { size }) {
    const most = Math.max(height, width);
    if (size <= most) return null;
    const words = { size, shape: shapeText([height, width]), most };
    return { setting: 'size', refusal: refusal('cutout-too-large', words, [{ set: { size: most } }]) };
  },

  apply(image, { random, shape: [height, width, channels] }, { size }) {
    const top = random.below(height) - (size >> 1);
    const left = random.below(width) - (size >> 1);
    const [from, to] = [Math.max(0, left) * channels, Math.min(width, left + size) * channels];
    for (let y = Math.max(0, top); y < Math.min(height, top + size); y++)
      image.fill(0, y * width * channels + from, y * width * channels + to);
  }
});
