/** An experiment while it is being built: what is wrong, what each layer that is known makes of the data, and what waits. Never throws at user input. */
import type { DatasetInfo } from '../contract/dataset.ts';
import type { Kinded } from '../contract/fields.ts';
import type { LayerReport, Report } from '../contract/report.ts';
import { examine, type Examined } from '../graph/check-experiment.ts';
import { withFixes } from '../graph/fixes/find-fixes.ts';
import { endsOf, headOf } from '../graph/heads.ts';
import { lintOf } from '../lint/lint.ts';
import type { Spec } from '../graph/fixes/document.ts';
import { memoryOf } from './memory.ts';
import { newNodeMemo } from '../graph/read-frame.ts';
import type { ResolvedLayer } from '../graph/resolve-network.ts';

/** Layers as they were read before: of a draft, whose parts are never changed in place, an edit makes few anew. */
const memo = newNodeMemo();

/** `input` must not be changed afterwards in place: what was read of its layers is kept. Layers that an edit leaves alone are the same objects. */
export function reportOf(input: unknown, datasets: readonly DatasetInfo[]): Report {
  const examined = examine(input, datasets, memo);
  const { experiment, network, dataset } = examined;
  let memory: { readonly bytes: number | null } | undefined;
  const sum = (key: 'parameterCount' | 'multiplyAdds') =>
    network.layers.reduce((total, layer) => total + layer[key], 0);
  return {
    experiment,
    problems: withFixes(input, { examined, datasets, memo }),
    lint: advice(examined, input),
    layers: network.layers.map(layerReport),
    waiting: network.waiting,
    outputs: outputsOf(examined),
    parameters: sum('parameterCount'),
    multiplyAdds: sum('multiplyAdds'),
    get memoryBytes() {
      memory ??= experiment && dataset ? { bytes: memoryOf(experiment, dataset) } : { bytes: null };
      return memory.bytes;
    }
  };
}

const advice = ({ experiment, network, dataset }: Examined, input: unknown): Report['lint'] =>
  experiment && dataset ? lintOf({ experiment, layers: network.layers, dataset }, input as Spec) : [];

const outputsOf = ({ experiment, network }: Examined): Report['outputs'] =>
  experiment ? endsOf(network.layers).map(({ id }) => ({ node: id, loss: headOf(experiment, id).loss as Kinded })) : [];

const reports = new WeakMap<ResolvedLayer, LayerReport>();

function layerReport(layer: ResolvedLayer): LayerReport {
  const report = reports.get(layer) ?? describe(layer);
  reports.set(layer, report);
  return report;
}

const describe = (layer: ResolvedLayer): LayerReport => ({
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
