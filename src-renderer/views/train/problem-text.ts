/** What is wrong with a number field, in the page's language; the check's own words for everything else. */
import type { NumberField } from '../../../src-worker/contract/fields.ts';
import type { Problem } from '../../../src-worker/contract/problems.ts';
import { formatSetting } from '../../controls/format.ts';
import { t } from '../../i18n/t.svelte.ts';

export type Bounds = Pick<NumberField, 'min' | 'max' | 'exclusiveMin' | 'exclusiveMax' | 'integer'>;

/** Beyond this a bound is that of the number type, and says nothing to a person. */
const ENDLESS = 1e15;

export function problemTexts(problems: readonly Problem[], bounds?: Bounds): string[] {
  return problems.map(({ value, why, remedy }) => {
    if (!bounds) return `${why}. ${remedy}`;
    if (typeof value !== 'number') return t('problem.number');
    if (bounds.integer && !Number.isInteger(value)) return t('problem.integer');
    const [min, max] = [formatSetting(bounds.min), formatSetting(bounds.max)];
    if (bounds.max > ENDLESS) return t(bounds.exclusiveMin ? 'problem.above' : 'problem.atLeast', { min });
    if (bounds.exclusiveMin) return t('problem.aboveTo', { min, max });
    return t(bounds.exclusiveMax ? 'problem.below' : 'problem.between', { min, max });
  });
}
