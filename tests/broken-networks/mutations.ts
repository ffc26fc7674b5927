/** Presets broken in every way that comes to mind: a wire gone, a layer twice, a wrong number. */
import type { Experiment, NetworkSpec, NodeSpec } from '../../src-worker/contract/experiment.ts';
import { removeNodes } from '../../src-worker/graph/edit/wires.ts';

export interface Mutation {
  readonly what: string;
  readonly spec: unknown;
}

type Change = (network: NetworkSpec) => NetworkSpec;

export function mutationsOf(name: string, spec: Experiment): Mutation[] {
  const { nodes, edges } = spec.network;
  const changed = (what: string, change: Change): Mutation => ({
    what: `${name}: ${what}`,
    spec: { ...spec, network: change(spec.network) }
  });
  const ofNodes = nodes.flatMap((node, index) =>
    nodeMutations(node, index, nodes).map(([what, change]) => changed(what, change))
  );
  const ofEdges = edges.flatMap((_, index) =>
    edgeMutations(index, spec.network).map(([what, change]) => changed(what, change))
  );
  return [...ofNodes, ...ofEdges, ...settingMutations(name, spec)];
}

const replaced =
  (index: number, node: object): Change =>
  ({ nodes, edges }) => ({
    nodes: nodes.with(index, node as NodeSpec),
    edges
  });

function nodeMutations(node: NodeSpec, index: number, nodes: readonly NodeSpec[]): [string, Change][] {
  const { id, kind } = node;
  const found: [string, Change][] = [
    [
      `${id} removed with its wires`,
      (network) => ({
        nodes: network.nodes.filter((one) => one.id !== id),
        edges: network.edges.filter((edge) => !edge.includes(id))
      })
    ],
    [
      `${id} removed, its wires left`,
      (network) => ({ ...network, nodes: network.nodes.filter((one) => one.id !== id) })
    ],
    [`kind of ${id} misspelt`, replaced(index, { ...node, kind: kind.slice(0, -1) + 'x' })],
    [`a setting of ${id} unknown`, replaced(index, { ...node, colour: 'red' })],
    [`${id} has a bad id`, replaced(index, { ...node, id: 'my layer' })],
    [`${id} has no kind`, replaced(index, { id })],
    [`${id} is a dense layer`, replaced(index, { id, kind: 'dense', units: 10 })],
    [`${id} is a convolution`, replaced(index, { id, kind: 'conv2d', filters: 4, kernel: 3 })],
    [`${id} is a sum`, replaced(index, { id, kind: 'add' })],
    [`${id} is called as the layer before it`, replaced(index, { ...node, id: nodes[Math.max(0, index - 1)]!.id })],
    [
      `a second input beside ${id}`,
      (network) => ({
        nodes: [...network.nodes, { id: 'input2', kind: 'input' }],
        edges: [...network.edges, ['input2', id]]
      })
    ]
  ];
  if (kind !== 'input') found.push([`${id} cut out`, (network) => removeNodes(network, [id])]);
  if (kind === 'dense')
    for (const units of [7, 0, -1, 3.5, '64', 1_000_000])
      found.push([`${id} has ${JSON.stringify(units)} units`, replaced(index, { ...node, units })]);
  if ('kernel' in node || kind.endsWith('-pool'))
    for (const kernel of [0, 31, 64, 65, '3'])
      found.push([`${id} has kernel ${JSON.stringify(kernel)}`, replaced(index, { ...node, kernel })]);
  if (kind === 'conv2d') {
    found.push([`${id} has stride 2`, replaced(index, { ...node, stride: 2 })]);
    found.push([`${id} has padding valid, kernel 5`, replaced(index, { ...node, padding: 'valid', kernel: 5 })]);
    found.push([`${id} has padding sane`, replaced(index, { ...node, padding: 'sane' })]);
    found.push([`${id} has 5 filters`, replaced(index, { ...node, filters: 5 })]);
  }
  if ('init' in node) found.push([`${id} has init hee-normal`, replaced(index, { ...node, init: 'hee-normal' })]);
  const next = nodes[index + 1];
  if (next && index > 0) {
    const swap = (name: string) => (name === id ? next.id : name === next.id ? id : name);
    found.push([
      `${id} and ${next.id} swapped`,
      (network) => ({ ...network, edges: network.edges.map(([a, b]) => [swap(a), swap(b)]) })
    ]);
  }
  return found;
}

function edgeMutations(index: number, { nodes, edges }: NetworkSpec): [string, Change][] {
  const [from, to] = edges[index]!;
  const at = (id: string) => nodes.findIndex((node) => node.id === id);
  const earlier = nodes[Math.max(1, at(from) - 2)]!.id;
  const later = nodes[Math.min(nodes.length - 1, at(to) + 2)]!.id;
  const withEdges =
    (more: (wires: NetworkSpec['edges']) => NetworkSpec['edges']): Change =>
    (network) => ({ ...network, edges: more(network.edges) });
  const found: [string, Change][] = [
    [`no wire ${from} → ${to}`, withEdges((wires) => wires.toSpliced(index, 1))],
    [`wire ${from} → ${to} twice`, withEdges((wires) => [...wires, [from, to]])],
    [`wire ${to} → ${from} back`, withEdges((wires) => [...wires, [to, from]])],
    [`wire ${from} → nowhere`, withEdges((wires) => [...wires, [from, 'nowhere']])],
    [`wire nowhere → ${to}`, withEdges((wires) => wires.with(index, ['nowhere', to]))],
    [`wire ${to} → itself`, withEdges((wires) => [...wires, [to, to]])],
    [`id of ${to} misspelt in a wire`, withEdges((wires) => wires.with(index, [from, `${to}x`]))],
    [`wire from ${from} to ${later} too`, withEdges((wires) => [...wires, [from, later]])],
    [`wire to ${to} from ${earlier} instead`, withEdges((wires) => wires.with(index, [earlier, to]))],
    [`wire ${from} → ${to} turned round`, withEdges((wires) => wires.with(index, [to, from]))]
  ];
  return found.filter(([, change]) => JSON.stringify(change({ nodes, edges }).edges) !== JSON.stringify(edges));
}

const wrongSettings: readonly (readonly [path: string, value: unknown])[] = [
  ['training.batchSize', 0],
  ['training.batchSize', '64'],
  ['training.batchSize', 1],
  ['training.epochs', 2.5],
  ['training.epochs', undefined],
  ['training.optimizer', { kind: 'adem' }],
  ['training.optimizer', { kind: 'adam', learningRate: -1 }],
  ['training.optimizer', { kind: 'adam', learningrate: 0.1 }],
  ['training.optimizer', 'adam'],
  ['training.loss', { kind: 'mse' }],
  ['training.loss', { kind: 'crossentropy' }],
  ['training.loss', { kind: 'cross-entropy', smoothing: 1 }],
  ['training.loss', { kind: 'cross-entropy', classWeights: [1, 2] }],
  ['training.metrics', ['top-k', 'rmse', { kind: 'f1', of: 99 }]],
  ['training.earlyStopping', { monitor: 'dev.recall' }],
  ['training.earlyStopping', { monitor: 'loss' }],
  ['training.heads', { nobody: {} }],
  ['data.dataset', 'fashion-mnst'],
  ['data.dataset', 'plane'],
  ['data.dataset', 'shapes'],
  ['data.dataset', 'Spiral'],
  ['data.split', { train: 0.9, dev: 0.5 }],
  ['data.normalize', 'standardise'],
  ['data.augment', ['rotate', 'mixup', 'mixup']],
  ['data', undefined],
  ['version', 2],
  ['name', ''],
  ['seed', -1],
  ['colour', 'red']
];

function settingMutations(name: string, spec: Experiment): Mutation[] {
  return wrongSettings.map(([path, value]) => ({
    what: `${name}: ${path} = ${JSON.stringify(value)}`,
    spec: withValue(spec, path.split('.'), value)
  }));
}

function withValue(spec: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const own = spec as Record<string, unknown>;
  return { ...own, [key!]: rest.length === 0 ? value : withValue(own[key!] ?? {}, rest, value) };
}
