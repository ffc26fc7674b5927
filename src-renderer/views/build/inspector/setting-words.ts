/** What a setting is called within its own section, and what is said of it behind the question mark. */
import type { Field } from '../../../../src-worker/contract/fields.ts';
import { formatSetting } from '../../../controls/format.ts';
import { settingName, settingValue, wordPath } from '../../../controls/words.ts';
import { t, tMaybe } from '../../../i18n/t.svelte.ts';

/** Beyond this a bound is that of the number type, and says nothing to a person. */
const ENDLESS = 1e15;

/** The part before the colon names the section, where the setting stands anyway. */
export function shortName(path: string): string {
  const name = tMaybe(`setting.${wordPath(path)}`, settingName(path));
  const short = name.split(/: |：/).at(-1)!;
  return short.charAt(0).toLocaleUpperCase() + short.slice(1);
}

/** A sentence, then the range and the default. `kind`: of the thing that has the setting. */
export function helpLines(path: string, kind: string, field: Field): string[] {
  const at = wordPath(path);
  const name = at.slice(at.lastIndexOf('.') + 1);
  const holder = at.slice(0, -name.length - 1);
  const sentence = tMaybe(`help.${holder}.${kind}.${name}`, tMaybe(`help.${at}`, field.help));
  return [sentence, rangeOf(field), t('field.default', { value: settingValue(field.default) })].filter(Boolean);
}

/** One line of a thing that may be chosen at a place: a metric may be called as a loss is. */
export const kindNote = (path: string, kind: string, thing: object | undefined): string =>
  tMaybe(`note.${wordPath(path)}.${kind}`, tMaybe(`kind.${kind}.note`, (thing as { help?: string })?.help ?? ''));

function rangeOf(field: Field): string {
  if (field.type !== 'number' && field.type !== 'numbers') return '';
  const [min, max] = [formatSetting(field.min), formatSetting(field.max)];
  const [hasMin, hasMax] = [field.min > -ENDLESS, field.max < ENDLESS];
  const isExclusive = field.type === 'number' && field.exclusiveMin;
  if (hasMin && hasMax) return t('field.range', { min, max });
  if (hasMin) return t(isExclusive ? 'field.above' : 'field.atLeast', { min });
  return '';
}
