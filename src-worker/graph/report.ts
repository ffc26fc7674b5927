/** An experiment while it is being built: what is wrong, what each layer that is known makes of the data, and what waits. Never throws at user input. */
import type { DatasetInfo } from '../contract/dataset.ts';
import { networkSchema, type NetworkSpec, type NodeSpec } from '../contract/experiment.ts';
import type { Kinded } from '../contract/fields.ts';
import { getPath } from '../contract/paths.ts';
import type { LayerReport, Report } from '../contract/report.ts';
import { layers as definitions } from '../layers/table.ts';
import { checkExperiment } from './check-experiment.ts';
import { endsOf, headOf } from './heads.ts';
import { parseKind } from './parse-kind.ts';
import { resolveNetwork, type ResolvedLayer } from './resolve-network.ts';

export function reportOf(input: unknown, datasets: readonly DatasetInfo[]): Report {
  const { experiment, problems } = checkExperiment(input, datasets);
  const network = networkSchema.safeParse(getPath(input, 'network'));
  const dataset = datasets.find(({ name }) => name === getPath(input, 'data.dataset'));
  const resolved = network.success && dataset ? resolvedPart(network.data, dataset) : [];
  const sum = (key: 'parameterCount' | 'multiplyAdds') => resolved.reduce((total, layer) => total + layer[key], 0);
  return {
    experiment,
    problems,
    lint: [],
    layers: resolved.map(layerReport),
    waiting: network.success ? waitingIn(network.data, resolved) : [],
    outputs: experiment
      ? endsOf(resolved).map(({ id }) => ({ node: id, loss: headOf(experiment, id).loss as Kinded }))
      : [],
    parameters: sum('parameterCount'),
    multiplyAdds: sum('multiplyAdds'),
    memoryBytes: null
  };
}

/** The layers before the first fault of each path; those whose settings are wrong, and what follows them, are left out. */
function resolvedPart(network: NetworkSpec, { shape }: DatasetInfo): readonly ResolvedLayer[] {
  const read = network.nodes.map((node) => parseKind(node as Kinded, '', definitions, [], { id: nodeId }));
  const known = read.filter((node) => node !== null) as unknown as NodeSpec[];
  const isKnown = (id: string) => known.some((node) => node.id === id);
  const edges = network.edges.filter(([from, to]) => isKnown(from) && isKnown(to));
  return resolveNetwork({ nodes: known, edges }, shape).layers;
}

const nodeId = networkSchema.shape.nodes.element.shape.id;

function waitingIn({ nodes, edges }: NetworkSpec, resolved: readonly ResolvedLayer[]): Report['waiting'] {
  const known = new Set(resolved.map(({ id }) => id));
  return nodes.flatMap(({ id }) => {
    const before = edges.find(([from, to]) => to === id && !known.has(from))?.[0];
    return known.has(id) || before === undefined ? [] : [{ id, for: before }];
  });
}

const layerReport = (layer: ResolvedLayer): LayerReport => ({
  id: layer.id,
  kind: layer.definition.kind,
  from: layer.from,
  settings: layer.config,
  inputShapes: layer.inputShapes,
  outputShape: layer.outputShape,
  parameterShapes: Object.fromEntries(Object.entries(layer.parameters).map(([name, { shape }]) => [name, shape])),
  parameters: layer.parameterCount,
  multiplyAdds: layer.multiplyAdds
});
