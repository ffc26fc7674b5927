/** What is wrong with a number field: between which numbers it must lie; of everything else what is wrong. */
import type { NumberField } from '../../../src-worker/contract/fields.ts';
import type { Problem } from '../../../src-worker/contract/problems.ts';
import { formatSetting } from '../../controls/format.ts';
import { problemText } from '../../controls/problem-words.ts';
import { settingWord } from '../../controls/words.ts';
import { t } from '../../i18n/t.svelte.ts';

export type Bounds = Pick<NumberField, 'min' | 'max' | 'exclusiveMin' | 'exclusiveMax' | 'integer'>;

/** Beyond this a bound is that of the number type, and says nothing to a person. */
const ENDLESS = 1e15;

export function problemTexts(problems: readonly Problem[], bounds?: Bounds): string[] {
  return problems.map((problem) => {
    const { value, path } = problem;
    if (!bounds) return problemText(problem);
    const setting = settingWord(path);
    if (typeof value !== 'number') return t('problem.number', { setting });
    if (bounds.integer && !Number.isInteger(value)) return t('problem.integer', { setting });
    const [min, max] = [formatSetting(bounds.min), formatSetting(bounds.max)];
    if (bounds.max > ENDLESS) return t(bounds.exclusiveMin ? 'problem.above' : 'problem.atLeast', { setting, min });
    if (bounds.exclusiveMin) return t('problem.aboveTo', { setting, min, max });
    return t(bounds.exclusiveMax ? 'problem.below' : 'problem.between', { setting, min, max });
  });
}
