/** Changes of JSON as JSON Patch (RFC 6902): how fixes are offered and edits are kept, to be undone. */
import { apply } from 'mutative';

export type PatchOperation =
  | { readonly op: 'add' | 'replace'; /** JSON Pointer (RFC 6901). */ readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };
export type JsonPatch = readonly PatchOperation[];

/** `before` stays as it is; the answer shares with it whatever the patch does not touch. Throws: Error where the patch does not fit. */
export const applyPatch = <T>(before: T, patch: JsonPatch): T =>
  apply(before as object, patch.map((operation) => ({ ...operation })) as never) as T;

/**
 * What turns `before` into `after`. Parts that are one and the same object are not looked into. Of a list, what is alike at its two
 * ends stays; between them elements are replaced in their order, then added or removed.
 */
export function patchBetween(before: unknown, after: unknown, path = ''): PatchOperation[] {
  if (isEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return listPatch(before, after, path);
  if (isRecord(before) && isRecord(after)) return recordPatch(before, after, path);
  return [{ op: 'replace', path, value: after }];
}

type JsonRecord = Readonly<Record<string, unknown>>;

/** What is added comes last: names that stand behind it in `after` go and come again, so that the order of the names is that of `after`. */
function recordPatch(before: JsonRecord, after: JsonRecord, path: string): PatchOperation[] {
  const [old, wanted] = [namesIn(before), namesIn(after)];
  const kept = old.filter((name) => after[name] !== undefined);
  const found = kept.findIndex((name, index) => name !== wanted[index]);
  const settled = found < 0 ? kept.length : found;
  const stay = new Set(kept.slice(0, settled));
  const at = (name: string) => `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return [
    ...old.filter((name) => !stay.has(name)).map((name) => ({ op: 'remove' as const, path: at(name) })),
    ...kept.slice(0, settled).flatMap((name) => patchBetween(before[name], after[name], at(name))),
    ...wanted.slice(settled).map((name) => ({ op: 'add' as const, path: at(name), value: after[name] }))
  ];
}

/** JSON knows no undefined: it is as if the name were not there. */
const namesIn = (record: JsonRecord): string[] => Object.keys(record).filter((name) => record[name] !== undefined);

function listPatch(before: readonly unknown[], after: readonly unknown[], path: string): PatchOperation[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isEqual(before[head], after[head])) head++;
  let tail = 0;
  while (tail < shorter - head && isEqual(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  const [old, wanted] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const both = Math.min(old.length, wanted.length);
  const patch: PatchOperation[] = [];
  for (let i = 0; i < both; i++) patch.push(...patchBetween(old[i], wanted[i], `${path}/${head + i}`));
  for (let i = both; i < wanted.length; i++) patch.push({ op: 'add', path: `${path}/${head + i}`, value: wanted[i] });
  for (let i = old.length - 1; i >= both; i--) patch.push({ op: 'remove', path: `${path}/${head + i}` });
  return patch;
}

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As JSON; the order of names does not matter. One and the same object is not looked into. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, i) => isEqual(value, b[i]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const isMissing = (name: string) => !Object.hasOwn(a, name) && b[name] !== undefined;
  return Object.keys(a).every((name) => isEqual(a[name], b[name])) && !Object.keys(b).some(isMissing);
}
