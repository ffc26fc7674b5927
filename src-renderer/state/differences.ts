/** Settings that differ between experiments, as rows of readable paths: what a person asks first of two runs. */
import type { Experiment } from '../../src-worker/contract/experiment.ts';

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
  const flat = experiments.map((experiment) => flatten(experiment));
  const paths = [...new Set(flat.flatMap((settings) => [...settings.keys()]))].filter((path) => !LABELS.has(path));
  const all = paths.map((path) => ({ path, values: flat.map((settings) => settings.get(path)) }));
  const differing = all.filter(({ values }) => !allEqual(values));
  const kinds = new Set(differing.map(({ path }) => path));
  const rows = differing.filter(({ path, values }) => {
    // A setting that only some kinds have is no news where the kind itself differs.
    const ofKind = kinds.has(`${path.slice(0, path.lastIndexOf('.'))}.kind`) && values.includes(undefined);
    return !ofKind || !allEqual(values.filter((value) => value !== undefined));
  });
  return { rows: rows.sort((a, b) => rank(a.path) - rank(b.path)), same: all.length - differing.length };
}

const allEqual = (values: readonly unknown[]) =>
  values.every((value) => JSON.stringify(value) === JSON.stringify(values[0]));

/** What is usually tuned first comes first. */
const ORDER = ['data.dataset', 'training.optimizer.kind', 'training.optimizer', 'training', 'network', 'data', 'seed'];
const rank = (path: string) => {
  const at = ORDER.findIndex((prefix) => path === prefix || path.startsWith(`${prefix}.`));
  return at < 0 ? ORDER.length : at;
};

/** Leaves by path; nodes by id, and the wires as one value, for a wire alone says little. */
function flatten(value: unknown, path = '', into = new Map<string, unknown>()): Map<string, unknown> {
  if (path === 'network.edges' || typeof value !== 'object' || value === null) return into.set(path, value);
  for (const [key, part] of Object.entries(value)) {
    const id = Array.isArray(value) ? (part as { id?: unknown } | null)?.id : undefined;
    if (typeof id === 'string' && key !== 'id') flatten(part, join(path, id), into);
    else if (!(path.startsWith('network.nodes') && key === 'id')) flatten(part, join(path, key), into);
  }
  return into;
}

const join = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);
