import type { LayersEvent } from '../contract/layers.ts';
import type { Symptom } from './rule.ts';

/**
 * What the latest look shows and the one before it did as well: the first steps shake a network in ways that are soon over. What is found
 * now but only lingered before lingers.
 */
export function steady(
  looks: readonly LayersEvent[],
  symptomsOf: (look: LayersEvent) => readonly Symptom[]
): readonly Symptom[] {
  const [before, now] = looks.slice(-2);
  if (!before || !now) return [];
  const earlier = new Map(symptomsOf(before).map((symptom) => [symptom.node, symptom.state]));
  return symptomsOf(now).map((symptom) =>
    earlier.get(symptom.node) === 'found' ? symptom : { ...symptom, state: 'lingers' }
  );
}
