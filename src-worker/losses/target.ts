import type { DatasetInfo } from '../contract/dataset.ts';
import type { HeadSpec } from '../contract/experiment.ts';
import { didYouMean } from '../contract/nearest.ts';
import type { Target } from '../plan/plan.ts';

/** What a dataset has to predict. */
export interface TargetData {
  readonly classes: number;
  readonly values: DatasetInfo['values'];
}

/** What an output is judged against, or why there is no such thing. */
export function targetOf(
  target: HeadSpec['target'],
  { classes, values }: TargetData
): Target | { why: string; remedy: string } {
  const hasClass = classes > 0;
  if (target === 'class' && !hasClass)
    return { why: 'the dataset has no classes', remedy: `Use its columns: ${namesOf(values)}.` };
  if (target === 'class' || (target === null && hasClass)) return { kind: 'class', classes };
  const names = target ?? values.map(({ name }) => name);
  const known = values.map(({ name }) => name);
  const columns = names.map((name) => known.indexOf(name));
  const unknown = names[columns.indexOf(-1)];
  if (unknown !== undefined)
    return {
      why: `the dataset has no column “${unknown}” to predict`,
      remedy: known.length > 0 ? `${didYouMean(unknown, known)}Use ${namesOf(values)}.` : 'Use its class.'
    };
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) return { why: `“${twice}” is there twice`, remedy: 'Name each column once.' };
  const kinds = columns.map((column) => values[column]!.kind);
  return {
    kind: 'values',
    columns,
    isYesOrNo: kinds.every((kind) => kind === 'binary'),
    mayMiss: kinds.includes('binary')
  };
}

const namesOf = (values: TargetData['values']) => values.map(({ name }) => name).join(', ');
