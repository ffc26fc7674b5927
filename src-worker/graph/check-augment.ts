import type { ImageShape } from '../augment/augmentation.ts';
import { augmentations } from '../augment/table.ts';
import type { DatasetInfo } from '../contract/dataset.ts';
import type { ConfigOf, Fields, Kinded } from '../contract/fields.ts';
import { problem, problemAt, type Problem } from '../contract/problems.ts';
import { shapeText } from '../contract/refusal.ts';
import { parseKinds } from './parse-kind.ts';

/**
 * The changes of training examples: see parseKinds. Those that need pixels are refused where examples are rows of columns, those that
 * are too much for the images where they are images.
 */
export function checkAugment(
  list: unknown,
  dataset: DatasetInfo | null,
  problems: Problem[]
): (Kinded | null)[] | undefined {
  const parsed = parseKinds(list, 'data.augment', augmentations, problems);
  problems.push(...secondMixers(parsed ?? []));
  if (!dataset) return parsed;
  const problemOf = dataset.shape.length === 3 ? tooMuch : needsPixels;
  for (const [index, spec] of parsed?.entries() ?? [])
    if (spec) problems.push(...problemOf(spec, `data.augment.${index}`, dataset));
  return parsed;
}

/** An example is mixed with one other. */
function secondMixers(list: readonly (Kinded | null)[]): Problem[] {
  const mixes = (spec: Kinded | null) => spec !== null && augmentations[spec.kind]!.sort === 'mix';
  const first = list.findIndex(mixes);
  return list.flatMap((spec, index) => {
    if (!spec || !mixes(spec) || index === first) return [];
    const place = { path: `data.augment.${index}`, value: spec.kind };
    return [problem('mixed-twice', place, { first: `data.augment.${first}` })];
  });
}

function needsPixels({ kind }: Kinded, path: string, { name, shape }: DatasetInfo): Problem[] {
  if (!augmentations[kind]!.imagesOnly) return [];
  const others = Object.values(augmentations).filter(({ imagesOnly }) => !imagesOnly);
  const choices = others.map((other) => other.kind).join(', ');
  return [problem('augments-images', { path, value: kind }, { dataset: name, shape: shapeText(shape), choices })];
}

function tooMuch(spec: Kinded, path: string, { shape }: DatasetInfo): Problem[] {
  const image = shape as readonly number[] as ImageShape;
  const refused = augmentations[spec.kind]!.refuses?.(image, spec as unknown as ConfigOf<Fields>);
  if (!refused) return [];
  const { setting } = refused;
  return [problemAt({ path: `${path}.${setting}`, value: spec[setting] }, refused.refusal)];
}
