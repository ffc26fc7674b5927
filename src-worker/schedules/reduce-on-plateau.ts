import { choice, integer, number, type ConfigOf } from '../contract/fields.ts';
import type { Metrics } from '../contract/run.ts';
import { defineSchedule, timing } from './schedule.ts';

const config = {
  monitor: choice(
    'loss',
    ['loss', 'accuracy'],
    'What has to get better, of the dev set, or of the training set without one'
  ),
  factor: number(0.5, 'Factor at each plateau, γ', { min: 0, exclusiveMin: true, max: 1, exclusiveMax: true }),
  patience: integer(5, 'Epochs without a new best that make a plateau', { min: 1, max: 100_000 }),
  minDelta: number(1e-4, 'What counts as better: by more than this', { min: 0, max: 1e6 }),
  cooldown: integer(0, 'Epochs behind a reduction that do not count', { min: 0, max: 100_000 }),
  min: number(0, 'Never below this learning rate', { min: 0, max: 1000 }),
  ...timing
} as const;

/**
 * Reduce on plateau: times γ whenever the metric has had no new best for `patience` epochs, but not below a least rate. Epochs of
 * `cooldown` behind a reduction may bring a new best, but do not make a plateau; one without the metric counts for nothing.
 *
 * Source: after ReduceLROnPlateau of Keras (keras.io), except that a cooldown of n spares n whole epochs.
 */
export const reduceOnPlateau = defineSchedule({
  kind: 'reduce-on-plateau',
  help: 'Times a factor when the dev loss or accuracy gets no better',
  config,
  rate: (_, base) => base,
  monitor: ({ monitor }) => monitor,
  factor: (history, base, settings) =>
    Math.max(settings.factor ** plateausIn(history, settings), Math.min(1, settings.min / base))
});

/** How often the rate has been reduced after these epochs. */
function plateausIn(history: readonly Metrics[], settings: ConfigOf<typeof config>): number {
  const { monitor, patience, minDelta, cooldown } = settings;
  let [plateaus, best, waited, cooling] = [0, Infinity, 0, 0];
  for (const { [monitor]: metric } of history) {
    if (metric === null || metric === undefined) continue;
    const value = monitor === 'loss' ? metric : -metric;
    const isCooling = cooling > 0;
    if (isCooling) cooling--;
    if (value < best - minDelta) [best, waited] = [value, 0];
    else if (!isCooling && ++waited >= patience) [plateaus, waited, cooling] = [plateaus + 1, 0, cooldown];
  }
  return plateaus;
}
