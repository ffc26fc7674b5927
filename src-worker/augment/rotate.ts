import { number } from '../contract/fields.ts';
import { defineMove, either } from './augmentation.ts';
import { turnBy } from './placement.ts';

/** Turns an image about its centre; every angle is as likely. */
export const rotate = defineMove({
  kind: 'rotate',
  help: 'Turn about the centre',
  config: { degrees: number(10, 'At most so many degrees, either way', { min: 0, max: 180 }) },

  move(placement, { random }, { degrees }) {
    turnBy(placement, (either(degrees, random) * Math.PI) / 180);
  }
});
