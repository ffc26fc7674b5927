/** Fixes of what is missing and has no default: what the rest of the experiment suggests. */
import { EXPERIMENT_VERSION, nodeSchema } from '../../contract/experiment.ts';
import { valueAt } from '../../contract/problems.ts';
import { layers } from '../../layers/table.ts';
import { freshId, removeNodes } from '../edit/wires.ts';
import { isObject, keysOf, networkIn, parentOf, put, withNetwork, type Spec } from './document.ts';
import { setting, settingAt, type Candidate, type Context, type Mender } from './mender.ts';

export const missing: Mender = ({ path }, context) => {
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
export function nameOf(index: number, { spec }: Context): Candidate[] {
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

export const without = (layer: string, spec: Spec): Candidate[] =>
  networkIn(spec)
    ? [
        {
          code: 'remove-layer',
          words: { layer },
          change: (before) => withNetwork(before, (network) => removeNodes(network, [layer]))
        }
      ]
    : setting(spec, `network.nodes.${layer}`, undefined);
