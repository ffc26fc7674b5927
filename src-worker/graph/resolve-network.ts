/**
 * From a drawn network to layers in order of computation, each with its settings checked, its input and output shapes, its parameters
 * and its cost; or to the problems that stand in the way. Only the first broken layer of a path is reported: what follows it merely waits.
 */
import type { ConfigOf, Fields } from '../contract/fields.ts';
import type { NetworkSpec, NodeSpec } from '../contract/experiment.ts';
import { problem, problemAt, type Problem } from '../contract/problems.ts';
import { shapeText } from '../contract/refusal.ts';
import { isRefusal, type LayerDefinition, type ParameterRule } from '../layers/layer.ts';
import { layers } from '../layers/table.ts';
import { sizeOf, type Shape } from '../plan/program.ts';
import { orderOf } from './order.ts';

export interface ResolvedLayer {
  readonly id: string;
  readonly definition: LayerDefinition;
  readonly config: ConfigOf<Fields>;
  /** Ids of the nodes that feed it, in the order of its inputs. */
  readonly from: readonly string[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  readonly parameters: Readonly<Record<string, ParameterRule>>;
  readonly parameterCount: number;
  readonly multiplyAdds: number;
}

export interface ResolvedNetwork {
  /** In order of computation; ends at the first problem of each path. */
  readonly layers: readonly ResolvedLayer[];
  readonly problems: readonly Problem[];
}

/** `network` must have passed the node checks of check-experiment.ts: kinds known, settings filled in. */
export function resolveNetwork(network: NetworkSpec, inputShape: Shape): ResolvedNetwork {
  const { order, problems: orderProblems } = orderOf(network);
  if (orderProblems.length > 0) return { layers: [], problems: orderProblems };
  const resolved = new Map<string, ResolvedLayer>();
  const problems: Problem[] = [];
  for (const node of order) {
    const from = network.edges.filter(([, to]) => to === node.id).map(([source]) => source);
    if (from.some((id) => !resolved.has(id))) continue; // waits for a layer that is broken
    const shapes = node.kind === 'input' ? [inputShape] : from.map((id) => resolved.get(id)!.outputShape);
    const result = resolveLayer(node, from, shapes);
    if ('problem' in result) problems.push(result.problem);
    else resolved.set(node.id, result.layer);
  }
  return { layers: [...resolved.values()], problems };
}

function resolveLayer(
  node: NodeSpec,
  from: string[],
  inputShapes: Shape[]
): { layer: ResolvedLayer } | { problem: Problem } {
  const definition = layers[node.kind]!;
  const { id, kind: _, ...settings } = node;
  const config = settings as ConfigOf<Fields>;
  const { min, max } = definition.inputs;
  if (from.length < min || from.length > max) return { problem: wrongInputs(node, from, min, max) };
  const outputShape = definition.outputShape(inputShapes, config);
  if (isRefusal(outputShape))
    return {
      problem: problemAt({ path: `network.nodes.${id}`, value: inputShapes.map(shapeText).join(', ') }, outputShape)
    };
  const parameters = definition.parameters?.(inputShapes, config) ?? {};
  return {
    layer: {
      id,
      definition,
      config,
      from,
      inputShapes,
      outputShape,
      parameters,
      parameterCount: Object.values(parameters).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      multiplyAdds: definition.multiplyAdds?.(inputShapes, config) ?? 0
    }
  };
}

function wrongInputs(node: NodeSpec, from: string[], min: number, max: number): Problem {
  const wanted = min === max ? `${min}` : `${min}–${max}`;
  const wires = (count: string) => `${count} wire${count === '1' ? '' : 's'}`;
  const count = from.length;
  const texts = { expected: wires(wanted), actual: wires(String(count)) };
  const code = count < min ? 'too-few-wires' : max === 0 ? 'wires-into-input' : 'too-many-wires';
  return problem(
    code,
    { path: `network.nodes.${node.id}`, value: from },
    { kind: node.kind, wanted, most: max, count, ...texts }
  );
}
