/**
 * From a drawn network to layers in order of computation, each with its settings checked, its input and output shapes, its parameters
 * and its cost; and to the problems that stand in the way. Of a path only the first broken layer is reported: what follows it merely
 * waits. Other paths go on.
 */
import type { ConfigOf, Fields } from '../contract/fields.ts';
import type { NetworkSpec, NodeSpec } from '../contract/experiment.ts';
import { problem, problemAt, type Problem } from '../contract/problems.ts';
import { shapeText } from '../contract/refusal.ts';
import { term } from '../contract/words.ts';
import { isRefusal, type LayerDefinition, type ParameterRule } from '../layers/layer.ts';
import { layers } from '../layers/table.ts';
import { sizeOf, type Shape } from '../plan/program.ts';
import { orderOf, type Order } from './order.ts';
import { wiringProblems } from './wiring.ts';

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
  /** Layers behind one that is broken, and which that is. */
  readonly waiting: readonly { readonly id: string; readonly for: string }[];
  /** All ids in the direction of the data. */
  readonly order: readonly string[];
}

/**
 * `network` must have passed the checks of nodes in check-experiment.ts: kinds known, settings filled in; but for those in `broken`,
 * whose problems have been told.
 */
export function resolveNetwork(
  network: NetworkSpec,
  inputShape: Shape,
  broken: ReadonlySet<string> = new Set()
): ResolvedNetwork {
  const order = orderOf(network);
  const problems = wiringProblems(network, order);
  const hasInput = network.nodes.some(({ kind }) => kind === 'input');
  const resolved = new Map<string, ResolvedLayer>();
  const waiting: { id: string; for: string }[] = [];
  const blame = blameOf(order, broken);
  for (const node of order.order) {
    const from = order.from.get(node.id)!;
    const culprit = blame.get(node.id) ?? from.map((id) => blame.get(id)).find((id) => id !== undefined);
    if (culprit !== undefined) {
      blame.set(node.id, culprit);
      if (culprit !== node.id) waiting.push({ id: node.id, for: culprit });
      continue;
    }
    const shapes = node.kind === 'input' ? [inputShape] : from.map((id) => resolved.get(id)!.outputShape);
    const result = resolvedAgain(node, from, shapes);
    if ('layer' in result) resolved.set(node.id, result.layer);
    else blame.set(node.id, node.id);
    // Without an input layer nothing leads to the first layers, which has been told.
    if ('problem' in result && (hasInput || from.length > 0)) problems.push(result.problem);
  }
  return { layers: [...resolved.values()], problems, waiting, order: order.order.map(({ id }) => id) };
}

/** Which layer is to blame that another cannot be computed, as far as that is known beforehand. */
function blameOf({ circles }: Order, broken: ReadonlySet<string>): Map<string, string> {
  const blame = new Map([...broken].map((id) => [id, id]));
  for (const { entry, nodes } of circles) for (const id of nodes) if (!blame.has(id)) blame.set(id, entry);
  return blame;
}

interface Resolved {
  readonly from: readonly string[];
  readonly shapes: readonly Shape[];
  readonly result: { readonly layer: ResolvedLayer } | { readonly problem: Problem };
}

/** The last answer for each layer as it was read: most of a network is as it was before an edit, and then gives the same object. */
const lastAnswers = new WeakMap<NodeSpec, Resolved>();

function resolvedAgain(node: NodeSpec, from: readonly string[], shapes: readonly Shape[]): Resolved['result'] {
  const last = lastAnswers.get(node);
  const isSame = last && isAlike(last.from, from) && last.shapes.every((shape, i) => isAlike(shape, shapes[i]!));
  if (isSame && last.shapes.length === shapes.length) return last.result;
  const result = resolveLayer(node, from, shapes);
  lastAnswers.set(node, { from, shapes, result });
  return result;
}

const isAlike = (a: readonly unknown[], b: readonly unknown[] = []): boolean =>
  a === b || (a.length === b.length && a.every((value, i) => value === b[i]));

function resolveLayer(
  node: NodeSpec,
  from: readonly string[],
  inputShapes: readonly Shape[]
): { layer: ResolvedLayer } | { problem: Problem } {
  const definition = layers[node.kind]!;
  const { id, kind: _, ...settings } = node;
  const config = settings as ConfigOf<Fields>;
  const { min, max } = definition.inputs;
  if (from.length < min || from.length > max) return { problem: wrongInputs(node, from, min, max) };
  const outputShape = definition.outputShape(inputShapes, config);
  if (isRefusal(outputShape)) {
    const value = inputShapes.map(shapeText).join(', ');
    return { problem: problemAt({ path: `network.nodes.${id}`, value, node: id }, outputShape) };
  }
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

function wrongInputs({ id, kind }: NodeSpec, from: readonly string[], min: number, max: number): Problem {
  const wanted = min === max ? `${min}` : `${min}–${max}`;
  const count = from.length;
  const expected = min === max ? term('wires', { n: min }) : term('wires-between', { least: min, n: max });
  const texts = { expected, actual: term('wires', { n: count }) };
  const code = count < min ? 'too-few-wires' : max === 0 ? 'wires-into-input' : 'too-many-wires';
  const place = { path: `network.nodes.${id}`, value: from, node: id };
  return problem(code, place, { kind, wanted, most: max, count, ...texts });
}
