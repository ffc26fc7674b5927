import type { z } from 'zod';
import { schemaOf, type Fields, type Kinded } from '../contract/fields.ts';
import { problem, problemAt, problemsOf, type Problem } from '../contract/problems.ts';
import { among } from '../contract/refusal.ts';

export type Table = Readonly<Record<string, { readonly config: Fields }>>;

/** A thing of a table with its defaults filled in; or null, and what is wrong with it is added to `problems`. */
export function parseKind(
  value: Kinded,
  path: string,
  table: Table,
  problems: Problem[],
  more: More = nothingMore
): Kinded | null {
  const definition = Object.hasOwn(table, value.kind) ? table[value.kind] : undefined;
  if (!definition) {
    const place = { path: `${path}.kind`, value: value.kind };
    problems.push(problem('unknown-kind', place, among(value.kind, Object.keys(table))));
    return null;
  }
  const schema = schemaFor(value.kind, definition, more);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  problems.push(
    ...problemsOf(parsed.error, value, schema).map((found) =>
      problemAt({ path: `${path}.${found.path}`, value: found.value }, found)
    )
  );
  return null;
}

type Definition = Table[string];
type More = Readonly<Record<string, z.ZodType>>;

/** Making a schema takes longer than a hundred uses of it. */
const made = new WeakMap<Definition, Map<More, z.ZodType<Kinded>>>();

function schemaFor(kind: string, definition: Definition, more: More): z.ZodType<Kinded> {
  const ofDefinition = made.get(definition) ?? new Map<More, z.ZodType<Kinded>>();
  made.set(definition, ofDefinition);
  const schema = ofDefinition.get(more) ?? schemaOf(kind, definition.config, more);
  ofDefinition.set(more, schema);
  return schema;
}

const nothingMore: More = {};

/**
 * Things of a table with their defaults filled in, null at the place of one that has a problem; a kind alone is short for one without
 * settings. undefined where there is no list, which the frame has said.
 */
export function parseKinds(
  list: unknown,
  path: string,
  table: Table,
  problems: Problem[]
): (Kinded | null)[] | undefined {
  if (list === undefined) return [];
  if (!Array.isArray(list)) return undefined;
  return list.map((given: unknown, index) => {
    const spec = typeof given === 'string' ? { kind: given } : (given as Partial<Kinded> | null);
    if (typeof spec?.kind !== 'string') return null; // the frame has said so
    return parseKind(spec as Kinded, `${path}.${index}`, table, problems);
  });
}
