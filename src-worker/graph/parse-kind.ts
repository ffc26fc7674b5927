import type { z } from 'zod';
import { schemaOf, type Fields, type Kinded } from '../contract/fields.ts';
import { problemsOf, type Problem } from '../contract/problems.ts';

export type Table = Readonly<Record<string, { readonly config: Fields }>>;

/** A thing of a table with its defaults filled in; or null, and what is wrong with it is added to `problems`. */
export function parseKind(
  value: Kinded,
  path: string,
  table: Table,
  problems: Problem[],
  more: Record<string, z.ZodType> = {}
): Kinded | null {
  const definition = Object.hasOwn(table, value.kind) ? table[value.kind] : undefined;
  if (!definition) {
    const remedy = `Use ${Object.keys(table).join(', ')}.`;
    problems.push({ path: `${path}.kind`, value: value.kind, why: 'not a kind known here', remedy });
    return null;
  }
  const parsed = schemaOf(value.kind, definition.config, more).safeParse(value);
  if (parsed.success) return parsed.data;
  problems.push(...problemsOf(parsed.error, value).map((problem) => ({ ...problem, path: `${path}.${problem.path}` })));
  return null;
}
