/** A network as people read it: one row a layer with shape, parameters and cost. */
import type { Experiment } from '../contract/experiment.ts';
import type { Kinded } from '../contract/fields.ts';
import type { Shape } from '../plan/program.ts';
import { endsOf, headOf } from './heads.ts';
import { resolveNetwork } from './resolve-network.ts';

export interface LayerDescription {
  readonly id: string;
  readonly kind: string;
  /** Ids of the layers that feed it, in the order of its inputs. */
  readonly from: readonly string[];
  /** Settings with defaults filled in, in the order of the definition. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly outputShape: Shape;
  readonly parameters: number;
  readonly multiplyAdds: number;
}

export interface NetworkDescription {
  readonly layers: readonly LayerDescription[];
  /** The layers that nothing follows, and what judges them. */
  readonly outputs: readonly { readonly node: string; readonly loss: Kinded }[];
  readonly parameters: number;
  /** Of one example's forward pass. */
  readonly multiplyAdds: number;
}

/** `experiment` must have passed checkExperiment. */
export function describeNetwork({ network, training }: Experiment, inputShape: Shape): NetworkDescription {
  const resolved = resolveNetwork(network, inputShape).layers;
  const layers = resolved.map((layer) => ({
    id: layer.id,
    kind: layer.definition.kind,
    from: layer.from,
    settings: layer.config,
    outputShape: layer.outputShape,
    parameters: layer.parameterCount,
    multiplyAdds: layer.multiplyAdds
  }));
  const total = (key: 'parameters' | 'multiplyAdds') => layers.reduce((sum, layer) => sum + layer[key], 0);
  const outputs = endsOf(resolved).map(({ id }) => ({ node: id, loss: headOf({ training }, id).loss as Kinded }));
  return { layers, outputs, parameters: total('parameters'), multiplyAdds: total('multiplyAdds') };
}
