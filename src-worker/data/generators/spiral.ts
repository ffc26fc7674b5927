import { definePoints, uniformBetween } from './generator.ts';

const RADIUS = 5;
const TURNS = 1.75;

/**
 * Two arms wound around each other.
 *
 *   t ~ U[0, 1);  r = 5·t;  θ = 1.75·2π·t, half a turn further in class 1;  (x, y) = r·(sin θ, cos θ) + U[−1, 1)²·noise
 */
export const spiral = definePoints({
  name: 'spiral',
  title: 'Spiral',
  classes: ['first arm', 'second arm'],

  point(label, noise, random) {
    const t = random.uniform();
    const r = RADIUS * t;
    const angle = TURNS * 2 * Math.PI * t + label * Math.PI;
    return [
      r * Math.sin(angle) + uniformBetween(-1, 1, random) * noise,
      r * Math.cos(angle) + uniformBetween(-1, 1, random) * noise
    ];
  }
});
