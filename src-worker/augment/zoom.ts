import { number } from '../contract/fields.ts';
import { defineMove } from './augmentation.ts';
import { stretchBy } from './placement.ts';

/** Makes an image larger or smaller about its centre. Where `low` is above `high`, they change places. */
export const zoom = defineMove({
  kind: 'zoom',
  help: 'Make larger or smaller',
  config: {
    low: number(0.9, 'Least factor', { min: 0.1, max: 10 }),
    high: number(1.1, 'Greatest factor', { min: 0.1, max: 10 })
  },

  move(placement, { random }, { low, high }) {
    const factor = low + (high - low) * random.uniform();
    stretchBy(placement, factor, factor);
  }
});
