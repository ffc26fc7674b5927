import { definePoints } from './generator.ts';

const CENTRE = 2;

/**
 * Two round clouds.
 *
 *   (x, y) ~ N((2, 2), σ²) in class 0, N((−2, −2), σ²) in class 1;  σ² = 0.5 + 7·noise
 */
export const gauss = definePoints({
  name: 'gauss',
  title: 'Two clouds',
  classes: ['upper right', 'lower left'],

  point(label, noise, random) {
    const centre = label === 0 ? CENTRE : -CENTRE;
    const deviation = Math.sqrt(0.5 + 7 * noise);
    return [centre + deviation * random.normal(), centre + deviation * random.normal()];
  }
});
