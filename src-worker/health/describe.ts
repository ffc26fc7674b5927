import { fill } from '../contract/fill.ts';
import type { HealthEvent } from '../contract/health.ts';
import { healthRules } from './table.ts';

/** A finding in English, whole: what is seen, what it means, what it mostly comes from, what to do. */
export function describeHealth({ rule, node, values }: HealthEvent): string {
  const { what, meaning, causes, remedy } = healthRules.find(({ id }) => id === rule)!.words;
  const words = { ...values, ...(node !== null && { layer: node }) };
  return [what, meaning, causes, remedy].map((text) => fill(text, words, 'en')).join(' ');
}
