/** The experiment as it was typed, which may be anything, and changes of it on copies that share what stays. */
import { isWire } from '../drawing.ts';
import type { NetworkSpec } from '../../contract/experiment.ts';

export type Keys = readonly (string | number)[];
/** At least an object. */
export type Spec = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Spec =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a readable path leads, elements of lists by their id or number; the last part may be missing. null where it leads nowhere. */
export function keysOf(spec: unknown, path: string): Keys | null {
  const keys: (string | number)[] = [];
  let at: unknown = spec;
  for (const name of path === '' ? [] : path.split('.')) {
    if (typeof at !== 'object' || at === null) return null;
    const key = Array.isArray(at) ? indexOf(at, name) : name;
    if (key === -1) return null;
    keys.push(key);
    at = Object.hasOwn(at, key) ? (at as Record<string | number, unknown>)[key] : undefined;
  }
  return keys;
}

function indexOf(list: readonly unknown[], name: string): number {
  const byId = list.findIndex((item) => isObject(item) && item['id'] === name);
  return byId >= 0 ? byId : /^\d+$/.test(name) && Number(name) < list.length ? Number(name) : -1;
}

/** With another value; undefined takes the key, or the element of a list, away. */
export function put<T>(spec: T, [key, ...rest]: Keys, value: unknown): T {
  if (key === undefined) return value as T;
  const at = (spec as Record<string | number, unknown> | undefined | null)?.[key];
  const inner = rest.length > 0 ? put(at ?? {}, rest, value) : value;
  if (Array.isArray(spec))
    return (inner === undefined ? spec.filter((_, index) => index !== key) : spec.with(Number(key), inner)) as T;
  const { [key]: _, ...others } = spec as Record<string | number, unknown>;
  return (inner === undefined ? others : { ...(spec as object), [key]: inner }) as T;
}

/** The network, where all layers have an id and a kind and all wires two ends. */
export function networkIn(spec: Spec): NetworkSpec | null {
  const { nodes, edges } = isObject(spec['network']) ? spec['network'] : ({} as Spec);
  if (!Array.isArray(nodes) || !Array.isArray(edges) || !edges.every(isWire)) return null;
  const isNamed = (node: unknown) =>
    isObject(node) && typeof node['id'] === 'string' && typeof node['kind'] === 'string';
  return nodes.every(isNamed) ? ({ nodes, edges } as NetworkSpec) : null;
}

export const withNetwork = (spec: Spec, change: (network: NetworkSpec) => NetworkSpec): Spec => {
  const network = networkIn(spec);
  return network ? { ...spec, network: { ...(spec['network'] as object), ...change(network) } } : spec;
};

/** `network.nodes.h1.units` → `network.nodes.h1`, and `units`. */
export const parentOf = (path: string): string => path.split('.').slice(0, -1).join('.');
export const lastOf = (path: string): string => path.split('.').at(-1)!;
