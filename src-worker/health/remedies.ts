import type { DatasetInfo } from '../contract/dataset.ts';
import type { Experiment } from '../contract/experiment.ts';
import { fill } from '../contract/fill.ts';
import { fixWords } from '../contract/fix-words.ts';
import type { HealthEvent } from '../contract/health.ts';
import { patchBetween } from '../contract/json-patch.ts';
import type { Fix } from '../contract/problems.ts';
import { inEnglish } from '../contract/words.ts';
import { checkExperiment } from '../graph/check-experiment.ts';
import type { Spec } from '../graph/fixes/document.ts';
import { healthRules } from './table.ts';

/**
 * What may help against a finding, the best first: each a change of the experiment that leaves it whole, to be tried in a run of its own.
 * `experiment`: that of the run, with live changes.
 */
export function remediesOf(
  { rule, node }: Pick<HealthEvent, 'rule' | 'node'>,
  experiment: Experiment,
  datasets: readonly DatasetInfo[]
): Fix[] {
  const before = experiment as unknown as Spec;
  const { remedies } = healthRules.find(({ id }) => id === rule)!;
  const known = new Set<string>();
  return remedies(experiment, node).flatMap(({ code, words, change }) => {
    const after = change(before);
    const patch = patchBetween(before, after);
    const key = JSON.stringify(patch);
    if (patch.length === 0 || known.has(key) || !checkExperiment(after, datasets).experiment) return [];
    known.add(key);
    return [{ code, words, label: fill(fixWords[code], inEnglish(words), 'en'), patch }];
  });
}
