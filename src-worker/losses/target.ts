import type { DatasetInfo } from '../contract/dataset.ts';
import type { HeadSpec } from '../contract/experiment.ts';
import { among, refusal, type Refusal } from '../contract/refusal.ts';
import type { Target } from '../plan/plan.ts';

/** What a dataset has to predict. */
export interface TargetData {
  readonly classes: number;
  readonly values: DatasetInfo['values'];
}

/** What an output is judged against, or why there is no such thing. */
export function targetOf(target: HeadSpec['target'], { classes, values }: TargetData): Target | Refusal {
  const hasClass = classes > 0;
  if (target === 'class' && !hasClass) return refusal('no-classes', { choices: namesOf(values) });
  if (target === 'class' || (target === null && hasClass)) return { kind: 'class', classes };
  const names = target ?? values.map(({ name }) => name);
  const known = values.map(({ name }) => name);
  const columns = names.map((name) => known.indexOf(name));
  const unknown = names[columns.indexOf(-1)];
  if (unknown !== undefined)
    return known.length > 0
      ? refusal('unknown-column', { column: unknown, ...among(unknown, known) })
      : refusal('no-columns', { column: unknown });
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) return refusal('column-twice', { column: twice });
  const kinds = columns.map((column) => values[column]!.kind);
  return {
    kind: 'values',
    columns,
    isYesOrNo: kinds.every((kind) => kind === 'binary'),
    mayMiss: kinds.includes('binary')
  };
}

const namesOf = (values: TargetData['values']) => values.map(({ name }) => name).join(', ');
