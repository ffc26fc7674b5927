import { definePoints, uniformBetween } from './generator.ts';

const RADIUS = 5;

/**
 * A disc inside a ring.
 *
 *   r ~ U[0, 0.5·R) inside, U[0.7·R, R) around it;  θ ~ U[0, 2π);  (x, y) = r·(sin θ, cos θ) + U[−R, R)²·noise,  R = 5
 */
export const circles = definePoints({
  name: 'circles',
  title: 'Circles',
  classes: ['inside', 'around'],

  point(label, noise, random) {
    const r = label === 0 ? uniformBetween(0, 0.5 * RADIUS, random) : uniformBetween(0.7 * RADIUS, RADIUS, random);
    const angle = uniformBetween(0, 2 * Math.PI, random);
    return [
      r * Math.sin(angle) + uniformBetween(-RADIUS, RADIUS, random) * noise,
      r * Math.cos(angle) + uniformBetween(-RADIUS, RADIUS, random) * noise
    ];
  }
});
