/**
 * Settings of an experiment by readable path, network nodes by id: `training.optimizer.learningRate`, `network.nodes.h1.units`. A `*`
 * stands for any letters of an id: `network.nodes.h*.units` are the units of h1, h2 and so on.
 */
import { LabError } from './errors.ts';
import { didYouMean } from './nearest.ts';

type Json = Record<string, unknown> | unknown[];

const isContainer = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** The value at `path`, or undefined. */
export function getPath(spec: unknown, path: string): unknown {
  return path.split('.').reduce(child, spec);
}

/** Tells the ids that a pattern with `*` means. Each part is taken where it first occurs, so that no pattern is slow. */
export function matching(pattern: string): (id: string) => boolean {
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) return (id) => id === pattern;
  return (id) => {
    if (!id.startsWith(first)) return false;
    let at = first.length;
    for (const part of parts) {
      const found = id.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return id.length - last.length >= at && id.endsWith(last);
  };
}

/**
 * `spec` with one setting changed, or, where the path has a `*`, with that of every layer that is meant; `spec` itself stays as it is, and
 * what holds none of the changed settings is the same object in both. The setting itself may be new; what holds it must exist, or be a null that stands for settings left out.
 * Throws: `invalid_argument` naming the first part of the path that does not exist, and what is there instead.
 */
export function setPath<T>(spec: T, path: string, value: unknown): T {
  return pathsMeant(spec, path).reduce(
    (changed, keys) => withAt(changed, keys, structuredClone(value), path) as T,
    spec
  );
}

/** The paths without `*`, in the order of the elements. */
function pathsMeant(spec: unknown, path: string): string[][] {
  let meant: string[][] = [[]];
  for (const key of path.split('.')) {
    meant = meant.flatMap((keys) => {
      const container = keys.reduce(child, spec);
      if (!key.includes('*') || !Array.isArray(container)) return [[...keys, key]];
      const ids = idsOf(container).filter(matching(key));
      if (ids.length === 0) throw noSuchPath(path, [...keys, key].join('.'), container);
      return ids.map((id) => [...keys, id]);
    });
  }
  return meant;
}

function withAt(at: unknown, keys: readonly string[], value: unknown, path: string, depth = 0): unknown {
  const key = keys[depth]!;
  const missing = () => noSuchPath(path, keys.slice(0, depth + 1).join('.'), at);
  if (!isContainer(at)) throw missing();
  const next = child(at, key);
  const isLast = depth === keys.length - 1;
  if (
    isLast
      ? key === '' || key === '__proto__' || (next === undefined && Array.isArray(at))
      : next !== null && !isContainer(next)
  )
    throw missing();
  const put = isLast ? value : withAt(next ?? {}, keys, value, path, depth + 1);
  if (Array.isArray(at)) return at.with(Number(keyIn(at, key)), put);
  return { ...at, [key]: put };
}

/** What a container holds itself, not what it inherits; of an array, an element. */
function child(container: unknown, key: string): unknown {
  if (!isContainer(container)) return undefined;
  const name = keyIn(container, key);
  const isOwn = Object.hasOwn(container, name) && (!Array.isArray(container) || /^\d+$/.test(name));
  return isOwn ? (container as Record<string, unknown>)[name] : undefined;
}

/** In an array an element is named by its `id`, else by its position. */
function keyIn(container: Json, key: string): string {
  if (!Array.isArray(container)) return key;
  const index = container.findIndex((item) => isContainer(item) && (item as { id?: unknown }).id === key);
  return index >= 0 ? String(index) : key;
}

/** How the elements of an array are called. */
const idsOf = (container: readonly unknown[]): string[] =>
  container.map((item, index) => String((isContainer(item) ? (item as { id?: unknown }).id : undefined) ?? index));

function noSuchPath(path: string, missing: string, container: unknown): LabError {
  const known = Array.isArray(container) ? idsOf(container) : isContainer(container) ? Object.keys(container) : [];
  return new LabError(
    'invalid_argument',
    `There is no “${missing}” in this experiment. ${didYouMean(missing.split('.').at(-1), known)}Known here: ${known.join(', ') || 'nothing'}.`,
    {
      path,
      missing,
      known
    }
  );
}
