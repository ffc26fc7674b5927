/** A network as people read it: one row a layer with shape, parameters and cost. */
import type { Experiment } from '../contract/experiment.ts';
import type { Shape } from '../plan/program.ts';
import { resolveNetwork } from './resolve-network.ts';

export interface LayerDescription {
  readonly id: string;
  readonly kind: string;
  /** Settings with defaults filled in, in the order of the definition. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly outputShape: Shape;
  readonly parameters: number;
  readonly multiplyAdds: number;
}

export interface NetworkDescription {
  readonly layers: readonly LayerDescription[];
  readonly parameters: number;
  /** Of one example's forward pass. */
  readonly multiplyAdds: number;
}

/** `experiment` must have passed checkExperiment. */
export function describeNetwork({ network }: Experiment, inputShape: Shape): NetworkDescription {
  const layers = resolveNetwork(network, inputShape).layers.map((layer) => ({
    id: layer.id,
    kind: layer.definition.kind,
    settings: layer.config,
    outputShape: layer.outputShape,
    parameters: layer.parameterCount,
    multiplyAdds: layer.multiplyAdds
  }));
  const total = (key: 'parameters' | 'multiplyAdds') => layers.reduce((sum, layer) => sum + layer[key], 0);
  return { layers, parameters: total('parameters'), multiplyAdds: total('multiplyAdds') };
}
