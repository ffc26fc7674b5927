/** Settings of an experiment by readable path, network nodes by id: `training.optimizer.learningRate`, `network.nodes.h1.units`. */
import { LabError } from './errors.ts';

type Json = Record<string, unknown> | unknown[];

const isContainer = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** The value at `path`, or undefined. */
export function getPath(spec: unknown, path: string): unknown {
  return path.split('.').reduce(child, spec);
}

/**
 * A copy of `spec` with one setting changed. The setting itself may be new; what holds it must exist.
 * Throws: `invalid_argument` naming the first part of the path that does not exist, and what is there instead.
 */
export function setPath<T>(spec: T, path: string, value: unknown): T {
  const copy = structuredClone(spec);
  const keys = path.split('.');
  const last = keys.pop()!;
  let at: unknown = copy;
  for (const [depth, key] of keys.entries()) {
    const next = child(at, key);
    if (!isContainer(next)) throw noSuchPath(path, [...keys.slice(0, depth), key].join('.'), at);
    at = next;
  }
  const isNew = isContainer(at) && child(at, last) === undefined;
  if (!isContainer(at) || last === '' || last === '__proto__' || (isNew && Array.isArray(at)))
    throw noSuchPath(path, path, at);
  (at as Record<string, unknown>)[keyIn(at, last)] = value;
  return copy;
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

function noSuchPath(path: string, missing: string, container: unknown): LabError {
  const known = Array.isArray(container)
    ? container.map((item, index) =>
        isContainer(item) ? String((item as { id?: unknown }).id ?? index) : String(index)
      )
    : isContainer(container)
      ? Object.keys(container)
      : [];
  return new LabError(
    'invalid_argument',
    `There is no “${missing}” in this experiment. Known here: ${known.join(', ') || 'nothing'}.`,
    {
      path,
      missing,
      known
    }
  );
}
