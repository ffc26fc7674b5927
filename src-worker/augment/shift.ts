import { integer } from '../contract/fields.ts';
import { refusal, shapeText } from '../contract/refusal.ts';
import { defineMove } from './augmentation.ts';
import { shiftBy } from './placement.ts';

/** Shifts by whole pixels, right or left and up or down, each distance as likely. */
export const shift = defineMove({
  kind: 'shift',
  help: 'Shift by some pixels in each direction',
  config: { pixels: integer(2, 'At most so many pixels, either way', { min: 0, max: 4096 }) },

  refuses([height, width], { pixels }) {
    const most = Math.min(height, width) - 1;
    if (pixels <= most) return null;
    const words = { pixels, shape: shapeText([height, width]), most };
    return { setting: 'pixels', refusal: refusal('shift-too-far', words, [{ set: { pixels: most } }]) };
  },

  move(placement, { random }, { pixels }) {
    const right = random.below(2 * pixels + 1) - pixels;
    const down = random.below(2 * pixels + 1) - pixels;
    shiftBy(placement, right, down);
  }
});
