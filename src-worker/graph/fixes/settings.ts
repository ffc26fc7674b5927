/** Fixes of single settings: numbers into their range, words to what they may mean, what is missing by its default. */
import { freshId, removeNodes } from '../edit/wires.ts';
import { EXPERIMENT_VERSION, nodeSchema } from '../../contract/experiment.ts';
import type { Problem } from '../../contract/problems.ts';
import { isObject, keysOf, networkIn, put, withNetwork, type Spec } from './document.ts';
import { setting, settingAt, type Candidate, type Context, type Mender, type Menders } from './mender.ts';
import { settingMeant, synonymOf } from './synonyms.ts';

const parentOf = (path: string): string => path.split('.').slice(0, -1).join('.');
const lastOf = (path: string): string => path.split('.').at(-1)!;

const byDefault = ({ path }: Problem, { spec }: Context): Candidate[] => setting(spec, path, undefined);

/** A number that must not be the bound itself has no nearest neighbour; its default is within. */
const bounded =
  (bound: 'min' | 'max'): Mender =>
  (problem, context) => {
    const nearest = setting(context.spec, problem.path, problem.words[bound]);
    const standard = byDefault(problem, context);
    // At 0 most things do nothing: that is hardly what was meant.
    const both = problem.words[bound] === 0 ? [...standard, ...nearest] : [...nearest, ...standard];
    return [...both, ...setting(context.spec, parentOf(problem.path), undefined)];
  };

const wrongType: Mender = (problem, context) => {
  const { path, value, words } = problem;
  const read = readAs(String(words['expected']), value);
  return [...(read === undefined ? [] : setting(context.spec, path, read)), ...byDefault(problem, context)];
};

/** What was meant by a value of another type, such as "64" for 64. */
function readAs(expected: string, value: unknown): unknown {
  const asNumber = typeof value === 'number' ? value : typeof value === 'string' && value.trim() ? Number(value) : NaN;
  switch (expected) {
    case 'int':
      return Number.isFinite(asNumber) ? Math.round(asNumber) : undefined;
    case 'number':
      return Number.isFinite(asNumber) ? asNumber : undefined;
    case 'boolean':
      return value === 'true' || value === 1 ? true : value === 'false' || value === 0 ? false : undefined;
    case 'string':
      return typeof value === 'number' ? String(value) : undefined;
    case 'array':
      return value === null ? undefined : [value];
    default:
      return undefined;
  }
}

/** Of what has no default: what the rest of the experiment suggests. */
const missing: Mender = ({ path }, context) => {
  const { spec, datasets } = context;
  const dataset = datasets[0]?.name;
  const usual: Readonly<Record<string, unknown>> = {
    version: EXPERIMENT_VERSION,
    name: 'untitled',
    data: { dataset },
    'data.dataset': dataset,
    network: { nodes: [{ id: 'input', kind: 'input' }], edges: [] },
    'network.nodes': [{ id: 'input', kind: 'input' }],
    'network.edges': []
  };
  if (Object.hasOwn(usual, path)) return setting(spec, path, usual[path]);
  const node = /^network\.nodes\.(\d+)\.id$/.exec(path);
  if (node) return nameOf(Number(node[1]), context);
  const layer = /^network\.nodes\.([^.]+)\.kind$/.exec(path)?.[1];
  if (layer !== undefined) return without(layer, spec);
  return [...setting(spec, path, 1), ...setting(spec, parentOf(path), undefined)];
};

/** An id for a layer that has none, or none that may be. */
function nameOf(index: number, { spec }: Context): Candidate[] {
  const nodes = (spec['network'] as { nodes?: unknown } | undefined)?.nodes;
  const node: unknown = Array.isArray(nodes) ? nodes[index] : null;
  if (!Array.isArray(nodes) || !isObject(node)) return [];
  const { id: given, kind } = node;
  const stem = typeof given === 'string' ? given.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 60) : '';
  const ids = nodes.flatMap((other) => (isObject(other) && typeof other['id'] === 'string' ? [other['id']] : []));
  const wanted = (stem !== '__proto__' && stem) || (typeof kind === 'string' && kind) || 'layer';
  const fresh = freshId({ nodes: [], edges: [] }, wanted, new Set(ids));
  return [...namedByWires(spec, ids), fresh].map((name) => ({
    code: 'rename-id',
    words: { name },
    change: (before) => renamedWires(put(before, ['network', 'nodes', index, 'id'], name), given, name)
  }));
}

/** Ids that wires know and no layer has. */
function namedByWires(spec: Spec, ids: readonly string[]): string[] {
  const edges = (spec['network'] as { edges?: unknown }).edges;
  const ends = (Array.isArray(edges) ? edges.flat() : []).filter((end) => typeof end === 'string' && isId(end));
  return [...new Set(ends as string[])].filter((end) => !ids.includes(end)).slice(0, 3);
}

const isId = (name: string) => nodeSchema.shape.id.safeParse(name).success;

function renamedWires(spec: Spec, from: unknown, to: string): Spec {
  const edges = (spec['network'] as { edges?: unknown } | undefined)?.edges;
  if (typeof from !== 'string' || !Array.isArray(edges)) return spec;
  const renamed = edges.map((edge: unknown) =>
    Array.isArray(edge) ? edge.map((end: unknown) => (end === from ? to : end)) : edge
  );
  return put(spec, ['network', 'edges'], renamed);
}

const without = (layer: string, spec: Spec): Candidate[] =>
  networkIn(spec)
    ? [
        {
          code: 'remove-layer',
          words: { layer },
          change: (before) => withNetwork(before, (network) => removeNodes(network, [layer]))
        }
      ]
    : setting(spec, `network.nodes.${layer}`, undefined);

/** The nearest word. A kind alone is short for an object with it: then the word stands where the object would. */
const misspelt: Mender = (problem, context) => {
  const { spec } = context;
  const { path, words } = problem;
  const meant = synonymOf(problem) ?? words['nearest'];
  const keys = keysOf(spec, path) ?? keysOf(spec, parentOf(path));
  const use = meant !== undefined && keys ? [settingAt(keys, path, meant)] : [];
  const layer = /^network\.nodes\.([^.]+)\.kind$/.exec(path)?.[1];
  if (layer !== undefined) return [...use, ...without(layer, spec)];
  const isKind = lastOf(path) === 'kind';
  if (path === 'version') return setting(spec, path, EXPERIMENT_VERSION);
  return [...use, ...setting(spec, isKind ? parentOf(path) : path, undefined)];
};

const unknownSetting: Mender = (problem, { spec }) => {
  const { path, value, words } = problem;
  const keys = keysOf(spec, path);
  if (!keys) return [];
  const { name } = words;
  const nearest = settingMeant(problem) ?? words['nearest'];
  const parent = keys.slice(0, -1);
  const remove: Candidate = { code: 'remove', words: { path }, change: (before) => put(before, keys, undefined) };
  if (nearest === undefined) return [remove];
  const rename: Candidate = {
    code: 'rename',
    words: { name: name!, nearest },
    change: (before) => put(put(before, keys, undefined), [...parent, nearest], value)
  };
  return [rename, remove];
};

const cut: Mender = ({ path, value, words }, { spec }) => {
  const most = Number(words['max']);
  const isLong = Array.isArray(value) || typeof value === 'string';
  return isLong && path !== 'network.nodes' ? setting(spec, path, value.slice(0, most)) : [];
};

/** A wire without two ends, or whatever else is too short. */
const tooFew: Mender = ({ path, value }, { spec }) =>
  path === 'network.nodes' && Array.isArray(value)
    ? setting(spec, path, [{ id: 'input', kind: 'input' }])
    : setting(spec, path, undefined);

export const settingMenders: Menders = {
  'too-small': bounded('min'),
  'too-large': bounded('max'),
  'not-above': byDefaultThenParent,
  'not-below': byDefaultThenParent,
  'wrong-type': wrongType,
  'not-an-object': byDefault,
  missing,
  empty: (problem, context) =>
    problem.path === 'name' ? setting(context.spec, 'name', 'untitled') : byDefault(problem, context),
  'too-few': tooFew,
  'too-many': (problem, context) => [...cut(problem, context), ...byDefault(problem, context)],
  'too-long': cut,
  'not-a-choice': misspelt,
  'unknown-kind': misspelt,
  'unknown-setting': unknownSetting,
  'extra-setting': unknownSetting,
  malformed: byDefault,
  'bad-id': (problem, context) => {
    const index = keysOf(context.spec, problem.path)?.[2];
    return typeof index === 'number' ? nameOf(index, context) : byDefault(problem, context);
  },
  'split-over-one': (problem, context) => {
    const { train } = problem.value as { train: number };
    const dev = Number((1 - train).toFixed(6));
    return [...setting(context.spec, `${problem.path}.dev`, dev), ...byDefault(problem, context)];
  },
  'bad-monitor': ({ path, value }, { spec }) => [
    ...setting(spec, path, `dev.${String(value).replace(/^.*\./, '')}`),
    ...setting(spec, path, 'dev.loss')
  ]
};

function byDefaultThenParent(problem: Problem, context: Context): Candidate[] {
  return [...byDefault(problem, context), ...setting(context.spec, parentOf(problem.path), undefined)];
}
