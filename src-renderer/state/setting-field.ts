/** Which field a setting of an experiment has: its range, its default, its control. */
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import type { Field, Fields } from '../../src-worker/contract/fields.ts';
import { getPath } from '../../src-worker/contract/paths.ts';
import { families } from '../../src-worker/graph/choices.ts';
import { clipFields, frameFields } from '../../src-worker/graph/frame-fields.ts';

export type SettingField = Field & { readonly nullable?: boolean };

const tables: Readonly<Record<string, Readonly<Record<string, { readonly config: Fields }>>>> = {
  'training.optimizer': families.optimizers,
  'training.schedule': families.schedules,
  'training.loss': families.losses
};

/** Undefined where the setting has parts of its own. */
export function fieldAt(experiment: Experiment, path: string): SettingField | undefined {
  const at = path.lastIndexOf('.');
  return fieldsIn(experiment, path.slice(0, Math.max(0, at)))[path.slice(at + 1)];
}

/** The settings of what stands at `holder`; of the experiment itself at `''`. */
export function fieldsIn(experiment: Experiment, holder: string): Readonly<Record<string, SettingField>> {
  if (Object.hasOwn(frameFields, holder)) return frameFields[holder as keyof typeof frameFields];
  const kind = kindAt(experiment, holder);
  if (holder === 'training.clip') return clipFields[kind] ?? {};
  const table = /^network\.nodes\.[^.]+$/.test(holder) ? families.layers : tables[holder];
  return (table as Readonly<Record<string, { readonly config: Fields }>> | undefined)?.[kind]?.config ?? {};
}

/** The kind of what has the setting; `''` where that is of no kind. */
export const kindHolding = (experiment: Experiment, path: string): string =>
  kindAt(experiment, path.slice(0, Math.max(0, path.lastIndexOf('.'))));

export const kindAt = (experiment: Experiment, holder: string): string =>
  String((getPath(experiment, holder) as { kind?: unknown } | null | undefined)?.kind ?? '');
