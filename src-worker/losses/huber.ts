import { number } from '../contract/fields.ts';
import { defineElementwise } from './elementwise.ts';

/**
 * Huber: squared near the target, absolute far from it. With d = z − t and c = min(|d|, δ):
 *
 *   l = c·(|d| − c/2), which is d²/2 where |d| ≤ δ, else δ·(|d| − δ/2)      dl/dz = d held within ±δ
 *
 * Shapes: z, t (B, T); the mean is over all elements.
 * Config: `delta` = δ.
 * Source: Huber 1964, Robust Estimation of a Location Parameter, Annals of Mathematical Statistics 35(1).
 */
export const huber = defineElementwise({
  kind: 'huber',
  help: 'Squared near the target, absolute far from it',
  config: { delta: number(1, 'Where it changes from one to the other, δ', { min: 0, exclusiveMin: true, max: 1e6 }) },
  loss: `
    d = abs(z - t)
    c = min(d, delta)
    l = c * (d - c * 0.5)`,
  gradient: 'g = max(min(z - t, delta), 0 - delta)',
  yes: 0.5
});
