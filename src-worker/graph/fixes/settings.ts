/** Fixes of single settings: numbers into their range, words to what they may mean, what is missing by its default. */
import { freshId, insertAfter, removeNodes } from '../edit/wires.ts';
import { EXPERIMENT_VERSION, nodeSchema } from '../../contract/experiment.ts';
import { valueAt, type Problem } from '../../contract/problems.ts';
import type { TermCode } from '../../contract/term-words.ts';
import { layers } from '../../layers/table.ts';
import { optimizers } from '../../optimizers/table.ts';
import { isObject, keysOf, networkIn, put, withNetwork, type Keys, type Spec } from './document.ts';
import { costing, setting, settingAt, type Candidate, type Context, type Mender, type Menders } from './mender.ts';
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
    // At 0 most things do nothing, and 1 unit or filter is hardly what was meant.
    const isTiny = bound === 'min' && Number(problem.words[bound]) <= 1;
    const both = isTiny ? [...standard, ...nearest] : [...nearest, ...standard];
    return [...slips(problem, context), ...both, ...costing(3, withoutParent(problem, context))];
  };

/** Below that a share above 1 is no percentage. */
const LEAST_PERCENT = 5;

/** −64 for 64, and 50 for 50 %. */
function slips({ path, value, words }: Problem, { spec }: Context): Candidate[] {
  if (typeof value !== 'number') return [];
  if (value < 0) return setting(spec, path, -value);
  return words['max'] === 1 && value >= LEAST_PERCENT && value <= 100 ? setting(spec, path, value / 100) : [];
}

/** All that the setting belongs to, unless that is a layer, whose wires would hang loose, or a third of the experiment. */
const withoutParent = ({ path }: Problem, { spec }: Context): Candidate[] =>
  /^(network\.nodes\.[^.]+|data|network|training)$/.test(parentOf(path))
    ? []
    : setting(spec, parentOf(path), undefined);

const wrongType: Mender = (problem, context) => {
  const { path, value, words } = problem;
  const expected = words['expected'];
  const read = typeof expected === 'object' && 'term' in expected ? readAs(expected.term, value) : undefined;
  return [
    ...(read === undefined ? [] : setting(context.spec, path, read)),
    ...sidesOf(problem, context),
    ...byDefault(problem, context)
  ];
};

/** Height and width of a window in one list, as [3, 5]. */
function sidesOf({ path, value }: Problem, { spec }: Context): Candidate[] {
  const keys = keysOf(spec, path);
  if (!keys || !/\.(kernel|stride)$/.test(path) || !Array.isArray(value) || value.length !== 2) return [];
  const [height, width] = value as readonly unknown[];
  if (height === width) return []; // read as one number
  const across = [...keys.slice(0, -1), `${lastOf(path)}Width`];
  return [{ ...settingAt(keys, path, height), change: (before) => put(put(before, keys, height), across, width) }];
}

/** What was meant by a value of another type, such as "64" for 64. */
function readAs(expected: TermCode, value: unknown): unknown {
  if (Array.isArray(value) && value.length > 0 && value.every((one) => one === value[0]) && expected !== 'array')
    return readAs(expected, value[0]);
  const asNumber = typeof value === 'number' ? value : typeof value === 'string' && value.trim() ? Number(value) : NaN;
  switch (expected) {
    case 'int':
      return Number.isFinite(asNumber) ? Math.round(asNumber) : undefined;
    case 'number':
      return Number.isFinite(asNumber) ? asNumber : undefined;
    case 'boolean':
      return YES.includes(lowered(value)) ? true : NO.includes(lowered(value)) ? false : undefined;
    case 'string':
      return typeof value === 'number' ? String(value) : undefined;
    case 'array':
      return value === null ? undefined : [value];
    case 'tuple':
      return wireMeant(value);
    default:
      return undefined;
  }
}

const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0', 'none'];
const lowered = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : '';

/** A wire as other formats write it: an object of two ends, or `a -> b`. */
function wireMeant(value: unknown): unknown {
  const ends = isObject(value)
    ? [value['from'] ?? value['source'], value['to'] ?? value['target']]
    : typeof value === 'string'
      ? value.split(/\s*(?:->|→|>|,)\s*/)
      : [];
  return ends.length === 2 && ends.every((end) => typeof end === 'string') ? ends : undefined;
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
    'network.nodes': [{ id: 'input', kind: 'input' }]
  };
  if (path === 'network.edges') return [...chained(spec), ...setting(spec, path, [])];
  if (Object.hasOwn(usual, path)) return setting(spec, path, usual[path]);
  const node = /^network\.nodes\.(\d+)\.id$/.exec(path);
  if (node) return nameOf(Number(node[1]), context);
  const layer = /^network\.nodes\.([^.]+)\.kind$/.exec(path)?.[1];
  if (layer !== undefined) return [...kindsMeant(layer, path, spec), ...without(layer, spec)];
  return [...setting(spec, path, 1), ...setting(spec, parentOf(path), undefined)];
};

/** The layers one behind the other, as they are listed. */
function chained(spec: Spec): Candidate[] {
  const nodes = isObject(spec['network']) ? spec['network']['nodes'] : undefined;
  const ids = (Array.isArray(nodes) ? nodes : []).flatMap((node) => (isObject(node) ? [node['id']] : []));
  if (ids.length < 2 || !ids.every((id) => typeof id === 'string')) return [];
  const edges = ids.slice(1).map((id, index) => [ids[index], id]);
  return [{ code: 'chain', words: {}, change: (before) => put(before, ['network', 'edges'], edges) }];
}

/** Kinds with all the settings that a layer without a kind has, or what its id begins with. */
function kindsMeant(layer: string, path: string, spec: Spec): Candidate[] {
  const keys = keysOf(spec, `network.nodes.${layer}`);
  const node = keys && valueAt(keys, spec);
  if (!keys || !isObject(node)) return [];
  const given = Object.keys(node).filter((name) => name !== 'id' && name !== 'kind');
  const named = Object.keys(layers).filter((kind) => layer.startsWith(kind.replace(/2d$/, '')));
  const fitting = Object.keys(layers).filter((kind) =>
    given.every((name) => Object.hasOwn(layers[kind]!.config, name))
  );
  const kinds =
    given.length > 0 ? fitting.toSorted((a, b) => Number(named.includes(b)) - Number(named.includes(a))) : named;
  return kinds.slice(0, 3).map((kind) => settingAt([...keys, 'kind'], path, kind));
}

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

/** Worse than whatever mends. */
const LAST = 100;

/** The nearest word. A kind alone is short for an object with it: then the word stands where the object would. */
const misspelt: Mender = (problem, context) => {
  const { spec } = context;
  const { path, words } = problem;
  const meant = synonymOf(problem) ?? words['nearest'];
  const keys = keysOf(spec, path) ?? keysOf(spec, parentOf(path));
  const use = meant !== undefined && keys ? [settingAt(keys, path, meant)] : [];
  const layer = /^network\.nodes\.([^.]+)\.kind$/.exec(path)?.[1];
  // A kind from elsewhere brings settings from elsewhere: more to mend, and still what was wanted.
  if (layer !== undefined) return [...use, ...costing(use.length > 0 ? LAST : 0, without(layer, spec))];
  const isKind = lastOf(path) === 'kind';
  if (path === 'version') return setting(spec, path, EXPERIMENT_VERSION);
  const standard = setting(spec, isKind ? parentOf(path) : path, undefined);
  return [...use, ...border(problem, context), ...(isKind ? costing(2, standard) : standard)];
};

/** A padding in pixels. */
function border({ path, value }: Problem, { spec }: Context): Candidate[] {
  const keys = keysOf(spec, path);
  if (!keys || lastOf(path) !== 'padding' || typeof value !== 'number') return [];
  const explicit = settingAt(keys, path, 'explicit');
  return [{ ...explicit, change: (before) => put(explicit.change(before), [...keys.slice(0, -1), 'pad'], value) }];
}

/** An activation that is a layer of its own here. */
function activation({ path, value, node }: Problem, keys: Keys, spec: Spec): Candidate[] {
  const kind = String(value).toLowerCase();
  const to = networkIn(spec)?.edges.find(([from]) => from === node)?.[1];
  if (lastOf(path) !== 'activation' || layers[kind]?.group !== 'activation' || node === null || !to) return [];
  const change = (before: Spec) =>
    withNetwork(put(before, keys, undefined), (network) =>
      insertAfter(network, { id: freshId(network, kind), kind }, node)
    );
  return [{ code: 'between', words: { layer: kind, from: node, to }, change }];
}

/** Another optimizer that has the setting. */
function otherOptimizer({ path, words }: Problem, keys: Keys): Candidate[] {
  if (!path.startsWith('training.optimizer.')) return [];
  const kinds = Object.keys(optimizers).filter(
    (kind) => kind === words['name'] || Object.hasOwn(optimizers[kind]!.config, String(words['name']))
  );
  return kinds.slice(0, 2).map((kind) => settingAt([...keys.slice(0, -1), 'kind'], `${parentOf(path)}.kind`, kind));
}

const unknownSetting: Mender = (problem, { spec }) => {
  const { path, value, words } = problem;
  const keys = keysOf(spec, path);
  if (!keys) return [];
  const name = String(words['name']);
  const nearest = settingMeant(problem) ?? words['nearest'];
  const parent = keys.slice(0, -1);
  const remove: Candidate = { code: 'remove', words: { path }, change: (before) => put(before, keys, undefined) };
  if (nearest === undefined) return [...activation(problem, keys, spec), ...otherOptimizer(problem, keys), remove];
  const rename: Candidate = {
    code: 'rename',
    words: { name, nearest },
    change: (before) => put(put(before, keys, undefined), [...parent, String(nearest)], value)
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
  'not-an-object': (problem, context) => [
    ...(typeof problem.value === 'string' ? setting(context.spec, problem.path, { kind: problem.value }) : []),
    ...byDefault(problem, context)
  ],
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
  return [...slips(problem, context), ...byDefault(problem, context), ...withoutParent(problem, context)];
}
