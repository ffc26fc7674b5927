import { number } from '../contract/fields.ts';
import { defineInitializer, fillNormal } from './initializer.ts';

/** W ~ N(0, σ²) with one σ for every layer, however wide: the choice that the later rules were made to replace. */
export const normal = defineInitializer({
  kind: 'normal',
  help: 'N(0, σ²) with the same σ for every layer',
  config: { std: number(0.01, 'Standard deviation σ', { min: 0, scale: 'log' }) },
  spread: (_, { std }) => ({ of: 'σ', text: String(std), value: std }),
  fill: (values, draw, { std }) => fillNormal(values, draw, std)
});
