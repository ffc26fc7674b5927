import { augmentations } from '../augment/table.ts';
import type { DatasetInfo } from '../contract/dataset.ts';
import type { Kinded } from '../contract/fields.ts';
import type { Problem } from '../contract/problems.ts';
import { parseKinds } from './parse-kind.ts';

/** The changes of training examples: see parseKinds. Those that need pixels are refused where examples are rows of columns. */
export function checkAugment(
  list: unknown,
  dataset: DatasetInfo | null,
  problems: Problem[]
): (Kinded | null)[] | undefined {
  const parsed = parseKinds(list, 'data.augment', augmentations, problems);
  if (!dataset || dataset.shape.length === 3) return parsed;
  const others = Object.values(augmentations).filter(({ imagesOnly }) => !imagesOnly);
  for (const [index, spec] of parsed?.entries() ?? [])
    if (spec && augmentations[spec.kind]!.imagesOnly)
      problems.push({
        path: `data.augment.${index}`,
        value: spec.kind,
        why: `this changes images, but the examples of ${dataset.name} are rows of ${dataset.shape.join('×')} values`,
        remedy: `Use ${others.map(({ kind }) => kind).join(' or ')}, or remove it.`
      });
  return parsed;
}
