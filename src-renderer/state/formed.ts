/**
 * An experiment in the form that views can rely on, whatever was typed: what is missing, or is no list or object where one belongs, is
 * shown as its default. What is wrong with it is told by the report, which reads what was typed.
 */
import type { z } from 'zod';
import { dataSchema, headSchema, trainingSchema, type Experiment } from '../../src-worker/contract/experiment.ts';

/** The same object where nothing is amiss. */
export function formed(experiment: Experiment): Experiment {
  const data = formedPart(dataSchema.shape, experiment.data, { dataset: '' });
  const part = formedPart(trainingSchema.shape, experiment.training, {});
  const heads = formedHeads(part.heads);
  const training = heads === part.heads ? part : { ...part, heads };
  const isSame = data === experiment.data && training === experiment.training;
  return isSame ? experiment : { ...experiment, data, training };
}

function formedPart<T>(shape: z.core.$ZodShape, part: T, defaults: Record<string, unknown>): T {
  const given = (isObject(part) ? part : {}) as Record<string, unknown>;
  const mended: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shape)) {
    const standard = defaults[name] ?? (schema as z.ZodType).safeParse(undefined).data ?? null;
    const value = given[name];
    if (Array.isArray(standard) && Array.isArray(value)) {
      if (!value.every(isListed)) mended[name] = value.filter(isListed);
    } else if (!hasForm(value, standard)) mended[name] = standard;
  }
  return part === given && Object.keys(mended).length === 0 ? part : ({ ...given, ...mended } as T);
}

/** Where nothing is the default, anything but a list may stand; where a plain value is, anything plain. */
function hasForm(value: unknown, standard: unknown): boolean {
  if (value === undefined || Array.isArray(value) !== Array.isArray(standard)) return false;
  if (standard === null) return true;
  if (!isObject(standard)) return typeof value !== 'object';
  return isObject(value) && (typeof standard['kind'] !== 'string' || typeof value['kind'] === 'string');
}

const isListed = (item: unknown) => typeof item === 'string' || (isObject(item) && typeof item['kind'] === 'string');

function formedHeads<T>(heads: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  const all = Object.entries(heads).map(([id, head]) => [id, formedPart(headSchema.shape, head, {})] as const);
  return all.every(([id, head]) => head === heads[id]) ? heads : Object.fromEntries(all);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
