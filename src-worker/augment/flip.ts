import { choice, number } from '../contract/fields.ts';
import { defineMove } from './augmentation.ts';
import { stretchBy } from './placement.ts';

/** Mirrors an image left to right, or top to bottom. */
export const flip = defineMove({
  kind: 'flip',
  help: 'Mirror some of the images',
  config: {
    direction: choice('horizontal', ['horizontal', 'vertical'], 'horizontal: left and right change places'),
    probability: number(0.5, 'Share of the images that are mirrored', { min: 0, max: 1 })
  },

  move(placement, { random }, { direction, probability }) {
    if (random.uniform() >= probability) return;
    if (direction === 'horizontal') stretchBy(placement, -1, 1);
    else stretchBy(placement, 1, -1);
  }
});
