/** Settings that differ between experiments, as rows of readable paths: what a person asks first of two runs. */
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import { isEqual } from '../../src-worker/contract/json-patch.ts';

export interface Difference {
  path: string;
  /** One value per experiment; undefined where it has no such setting. */
  values: unknown[];
}

export interface Differences {
  rows: Difference[];
  /** Settings that are there in all and equal. */
  same: number;
}

/** Names are labels, not settings. */
const LABELS = new Set(['name', 'version']);

export function differencesOf(experiments: readonly Experiment[]): Differences {
  const found: Differences = { rows: [], same: 0 };
  compare('', experiments, found);
  return { ...found, rows: found.rows.sort((a, b) => rank(a.path) - rank(b.path)) };
}

type Settings = Readonly<Record<string, unknown>>;

/** Goes down as long as all experiments have settings there; what only some have is one row, whole. */
function compare(path: string, values: readonly unknown[], found: Differences): void {
  if (LABELS.has(path)) return;
  if (allEqual(values)) {
    found.same += leavesOf(values[0]);
    return;
  }
  const parts = values.map((value) => (path === 'network.nodes' ? byId(value) : value));
  if (!parts.every(isSettings)) {
    found.rows.push({ path, values: [...values] });
    return;
  }
  const names = [...new Set(parts.flatMap((part) => Object.keys(part)))];
  const isOtherKind = !allEqual(parts.map(({ kind }) => kind));
  for (const name of names) {
    const inner = parts.map((part) => part[name]);
    // A setting that only some kinds have is no news where the kind itself differs.
    const known = inner.filter((value) => value !== undefined);
    if (isOtherKind && known.length < inner.length && allEqual(known)) continue;
    compare(path === '' ? name : `${path}.${name}`, inner, found);
  }
}

const isSettings = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Layers are compared by their ids, not by their places. */
const byId = (nodes: unknown): Settings =>
  Object.fromEntries((nodes as readonly { readonly id: string }[]).map(({ id, ...node }) => [id, node]));

const leavesOf = (value: unknown): number =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0
    ? Object.values(value).reduce((sum: number, part) => sum + leavesOf(part), 0)
    : 1;

const allEqual = (values: readonly unknown[]) => values.every((value) => isEqual(value, values[0]));

/** What is usually tuned first comes first. */
const ORDER = ['data.dataset', 'training.optimizer.kind', 'training.optimizer', 'training', 'network', 'data', 'seed'];
const rank = (path: string) => {
  const at = ORDER.findIndex((prefix) => path === prefix || path.startsWith(`${prefix}.`));
  return at < 0 ? ORDER.length : at;
};
