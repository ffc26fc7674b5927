/** What a rule of health is: what it looks at, when it has found something, and what helps. */
import type { HealthEvent, HealthRuleId } from '../contract/health.ts';
import type { Experiment } from '../contract/experiment.ts';
import type { Candidate } from '../graph/fixes/mender.ts';
import type { Seen } from './seen.ts';

/** Something that is, or nearly is, as the rule says. */
export interface Symptom {
  /** The layer where it shows; null where it is of the whole network. */
  readonly node: string | null;
  readonly values: HealthEvent['values'];
  /**
   * `found`: beyond the threshold. `lingers`: no longer quite, but not well either; what was found before is not over yet, so that it
   * does not come and go with every look.
   */
  readonly state: 'found' | 'lingers';
}

/** What is news to a rule. */
export type NewsKind = 'look' | 'losses' | 'epoch' | 'end';

export interface HealthRule {
  readonly id: HealthRuleId;
  /**
   * In English; the page's catalogues have the same under `health.<id>`. What is seen, what it means, what it mostly comes from, what to
   * do. They may name `{layer}` and the values of the symptom.
   */
  readonly words: {
    readonly name: string;
    readonly what: string;
    readonly meaning: string;
    readonly causes: string;
    readonly remedy: string;
  };
  readonly hears: readonly NewsKind[];
  /** Told once for the network, whatever layer it shows at. */
  readonly once?: true;
  /** Pure. */
  find(seen: Seen): readonly Symptom[];
  /** Changes of the experiment that may help, the best first; those that it does not admit are left out by `remediesOf`. */
  remedies(experiment: Experiment, node: string | null): readonly Candidate[];
}

export const defineHealthRule = (rule: HealthRule): HealthRule => rule;

/** A share in whole percent, as the words tell it. */
export const percent = (share: number): number => Math.round(100 * share);
/** To 2 significant digits. */
export const brief = (value: number): number => Number(value.toPrecision(2));

/** How a value stands to a threshold that it must not rise above; below `clear` it is well again. */
export const above = (value: number, limit: { found: number; clear: number }): Symptom['state'] | null =>
  value >= limit.found ? 'found' : value > limit.clear ? 'lingers' : null;
/** The same of one that it must not fall below. */
export const below = (value: number, limit: { found: number; clear: number }): Symptom['state'] | null =>
  value <= limit.found ? 'found' : value < limit.clear ? 'lingers' : null;
