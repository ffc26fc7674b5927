/** From a checked experiment to its plan: layers write their passes, parameters get their places, the batch is cut into shards. */
import type { ConfigOf, Fields } from '../contract/fields.ts';
import type { Experiment } from '../contract/experiment.ts';
import { LabError } from '../contract/errors.ts';
import { resolveNetwork, type ResolvedLayer } from '../graph/resolve-network.ts';
import { losses } from '../losses/table.ts';
import { optimizers } from '../optimizers/table.ts';
import { formula, ProgramBuilder } from './builder.ts';
import type { Parameter, Plan, UpdateRule } from './plan.ts';
import { sizeOf, type Op, type Shape, type Tensor } from './program.ts';

export interface PlanData {
  readonly shape: Shape;
  readonly classes: number;
  /** Training examples there are; a mini-batch is never larger. */
  readonly examples?: number;
}

/** What a node of the network has become. */
interface PlannedLayer {
  readonly layer: ResolvedLayer;
  readonly y: Tensor;
  /** Gradient of y; null where nothing up to here learns. */
  readonly dy: Tensor | null;
  readonly values: Record<string, Tensor>;
  readonly gradients: Record<string, Tensor>;
}

/** Throws: `invalid_experiment` when the experiment was not checked before. */
export function makePlan(experiment: Experiment, data: PlanData): Plan {
  const { layers, problems } = resolveNetwork(experiment.network, data.shape);
  if (problems.length > 0)
    throw new LabError('invalid_experiment', `The network cannot be computed: ${problems[0]!.why}.`, { problems });
  const { training } = experiment;
  const batchSize = Math.min(training.batchSize, data.examples ?? training.batchSize);
  const builder = new ProgramBuilder();
  const labels = builder.tensor('labels', [], { perExample: true, type: 'i32' });
  const [weight, loss, correct] = ['weight', 'loss', 'correct'].map((name) =>
    builder.tensor(name, [], { perExample: true })
  );
  const planned = placeLayers(builder, layers);
  const last = planned.get(layers.at(-1)!.id)!;
  const judged = { logits: last.y, labels, weight: weight!, loss: loss!, correct: correct! };
  const definition = losses[training.loss.kind]!;
  const config = training.loss as unknown as ConfigOf<Fields>;

  const gradients: Op[] = [];
  const evaluation: Op[] = [];
  recordForward(builder, planned, gradients);
  definition.record(builder.record(gradients), { ...judged, dlogits: last.dy }, config);
  recordBackward(builder, planned, gradients);
  recordForward(builder, planned, evaluation);
  definition.record(builder.record(evaluation), { ...judged, dlogits: null }, config);

  const { parameters, arena } = placeParameters(planned);
  const multiplyAdds = layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0);
  return {
    batchSize,
    inputShape: data.shape,
    classes: data.classes,
    tensors: builder.tensors,
    input: planned.get(layers[0]!.id)!.y,
    ...judged,
    gradients,
    evaluation,
    parameters,
    arena,
    update: updateRule(experiment),
    shards: shardsFor(batchSize, multiplyAdds, arena),
    multiplyAdds
  };
}

function placeLayers(builder: ProgramBuilder, layers: readonly ResolvedLayer[]): Map<string, PlannedLayer> {
  const planned = new Map<string, PlannedLayer>();
  for (const layer of layers) {
    const { id, definition, from, outputShape } = layer;
    const before = from.map((source) => planned.get(source)!);
    const learns = layer.parameterCount > 0 || before.some(({ dy }) => dy !== null);
    const entries = Object.entries(layer.parameters);
    const tensors = (prefix: string) =>
      Object.fromEntries(
        entries.map(([name, { shape }]) => [
          prefix + name,
          builder.tensor(`${id}.${prefix}${name}`, shape, { perExample: false })
        ])
      );
    const place = definition.view
      ? { y: viewOf(before[0]!.y, outputShape), dy: before[0]!.dy && viewOf(before[0]!.dy, outputShape) }
      : {
          y: builder.tensor(`${id}.y`, outputShape, { perExample: true }),
          dy: learns ? builder.tensor(`${id}.dy`, outputShape, { perExample: true }) : null
        };
    planned.set(id, { layer, ...place, values: tensors(''), gradients: tensors('d') });
  }
  return planned;
}

/** The same memory under another shape. */
const viewOf = (tensor: Tensor, shape: Shape): Tensor => ({ ...tensor, shape });

const inputsOf = (planned: Map<string, PlannedLayer>, { layer }: PlannedLayer): PlannedLayer[] =>
  layer.from.map((id) => planned.get(id)!);

function recordForward(builder: ProgramBuilder, planned: Map<string, PlannedLayer>, ops: Op[]): void {
  const record = builder.record(ops);
  for (const to of planned.values()) {
    const { layer, y, values } = to;
    const xs = inputsOf(planned, to).map((from) => from.y);
    const [x] = xs;
    if (x) layer.definition.forward?.(record, { x, xs, y }, values, layer.config);
  }
}

function recordBackward(builder: ProgramBuilder, planned: Map<string, PlannedLayer>, ops: Op[]): void {
  const record = builder.record(ops);
  for (const to of [...planned.values()].reverse()) {
    const { layer, y, dy, values, gradients } = to;
    const before = inputsOf(planned, to);
    const [first] = before;
    if (!first || !dy) continue;
    const [xs, dxs] = [before.map((from) => from.y), before.map((from) => from.dy)];
    const tensors = { x: first.y, xs, y, dy, dx: first.dy, dxs };
    layer.definition.backward?.(record, tensors, values, gradients, layer.config);
  }
}

/** One after another in every arena, each on a multiple of 4 floats: whole SIMD vectors. */
function placeParameters(planned: Map<string, PlannedLayer>): { parameters: Parameter[]; arena: number } {
  const parameters: Parameter[] = [];
  let at = 0;
  for (const { layer, values, gradients } of planned.values())
    for (const [name, rule] of Object.entries(layer.parameters)) {
      const size = sizeOf(rule.shape);
      parameters.push({
        name: `${layer.id}.${name}`,
        node: layer.id,
        value: values[name]!,
        gradient: gradients[`d${name}`]!,
        at,
        size,
        ...rule
      });
      at += (size + 3) & ~3;
    }
  return { parameters, arena: at };
}

function updateRule({ training }: Experiment): UpdateRule {
  const { kind, ...settings } = training.optimizer;
  const definition = optimizers[kind]!;
  return {
    formula: formula(definition.update),
    states: definition.state,
    constants: settings as Record<string, number>
  };
}

/**
 * Shards let threads share a batch, but each has gradients of its own that the update must add up: worth it where a shard's work is
 * at least 48 multiply-adds for each parameter. Depends on the plan alone, never on the machine.
 */
function shardsFor(batchSize: number, multiplyAdds: number, arena: number): number {
  const worth = (batchSize * multiplyAdds) / (48 * Math.max(arena, 1));
  const most = multiplyAdds * batchSize < 200_000 ? 1 : 8;
  return Math.max(1, Math.min(most, batchSize, 2 ** Math.floor(Math.log2(Math.max(worth, 1)))));
}
