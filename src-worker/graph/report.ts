/** An experiment while it is being built: what is wrong, what each layer that is known makes of the data, and what waits. Never throws at user input. */
import type { DatasetInfo } from '../contract/dataset.ts';
import type { Kinded } from '../contract/fields.ts';
import type { LayerReport, Report } from '../contract/report.ts';
import { examine, type Examined, type NodeMemo } from './check-experiment.ts';
import { withFixes } from './fixes/find-fixes.ts';
import { endsOf, headOf } from './heads.ts';
import type { ResolvedLayer } from './resolve-network.ts';

export function reportOf(input: unknown, datasets: readonly DatasetInfo[]): Report {
  const memo: NodeMemo = new WeakMap();
  const examined = examine(input, datasets, memo);
  const { experiment, network } = examined;
  const sum = (key: 'parameterCount' | 'multiplyAdds') =>
    network.layers.reduce((total, layer) => total + layer[key], 0);
  return {
    experiment,
    problems: withFixes(input, { examined, datasets, memo }),
    lint: [],
    layers: network.layers.map(layerReport),
    waiting: network.waiting,
    outputs: outputsOf(examined),
    parameters: sum('parameterCount'),
    multiplyAdds: sum('multiplyAdds'),
    memoryBytes: null
  };
}

const outputsOf = ({ experiment, network }: Examined): Report['outputs'] =>
  experiment ? endsOf(network.layers).map(({ id }) => ({ node: id, loss: headOf(experiment, id).loss as Kinded })) : [];

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
