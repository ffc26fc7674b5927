/** The layers of a plan: their tensors, and their passes in order. */
import type { ResolvedLayer } from '../graph/resolve-network.ts';
import type { ProgramBuilder, Recorder } from './builder.ts';
import type { Feeds } from './feeds.ts';
import type { Shape, Tensor } from './program.ts';

/** What a node of the network has become. */
export interface PlannedLayer {
  readonly layer: ResolvedLayer;
  readonly y: Tensor;
  /** Gradient of y; null where nothing up to here learns. */
  readonly dy: Tensor | null;
  readonly kept: Record<string, Tensor>;
  /** By the names of the parameters, and of the gradients: `W`, `dW`. */
  readonly values: Record<string, Tensor>;
  readonly gradients: Record<string, Tensor>;
}

export type PlannedLayers = ReadonlyMap<string, PlannedLayer>;

/** `inputGradient`: the examples get a gradient too, for whoever asks how the output hangs on them. */
export function placeLayers(
  builder: ProgramBuilder,
  feeds: Feeds,
  layers: readonly ResolvedLayer[],
  { inputGradient = false } = {}
): PlannedLayers {
  const planned = new Map<string, PlannedLayer>();
  for (const layer of layers) {
    const before = layer.from.map((source) => planned.get(source)!);
    const parameters = (prefix: string) =>
      Object.fromEntries(
        Object.entries(layer.parameters).map(([name, { shape }]) => [
          prefix + name,
          builder.tensor(`${layer.id}.${prefix}${name}`, shape, { perExample: false })
        ])
      );
    planned.set(layer.id, {
      layer,
      ...placeOutput(builder, feeds, layer, before, inputGradient),
      kept: placeKept(builder, feeds, layer),
      values: parameters(''),
      gradients: parameters('d')
    });
  }
  return planned;
}

function placeOutput(
  builder: ProgramBuilder,
  feeds: Feeds,
  { id, definition, outputShape, parameters }: ResolvedLayer,
  before: readonly PlannedLayer[],
  inputGradient: boolean
): { y: Tensor; dy: Tensor | null } {
  if (definition.group === 'input') {
    const dy = inputGradient ? builder.tensor(`${id}.dy`, outputShape, { perExample: true }) : null;
    return { y: feeds.tensor({ kind: 'example' }, { name: `${id}.y` }), dy };
  }
  const [first] = before;
  if (definition.view) return { y: viewOf(first!.y, outputShape), dy: first!.dy && viewOf(first!.dy, outputShape) };
  const learns = Object.keys(parameters).length > 0 || before.some(({ dy }) => dy !== null);
  return {
    y: builder.tensor(`${id}.y`, outputShape, { perExample: true }),
    dy: learns ? builder.tensor(`${id}.dy`, outputShape, { perExample: true }) : null
  };
}

/** The same memory under another shape. */
const viewOf = (tensor: Tensor, shape: Shape): Tensor => ({ ...tensor, shape });

function placeKept(builder: ProgramBuilder, feeds: Feeds, layer: ResolvedLayer): Record<string, Tensor> {
  const { id, definition, inputShapes, config } = layer;
  return Object.fromEntries(
    Object.entries(definition.keeps?.(inputShapes, config) ?? {}).map(([key, { shape, perExample = true, keep }]) => {
      const name = `${id}.${key}`;
      if (keep === undefined) return [key, builder.tensor(name, shape, { perExample })];
      return [key, feeds.tensor({ kind: 'mask', keep, stream: name }, { name, shape })];
    })
  );
}

export function recordForward(
  record: Recorder,
  planned: PlannedLayers,
  weight: Tensor,
  mode: 'training' | 'inference'
): void {
  for (const { layer, y, kept, values } of planned.values()) {
    const xs = layer.from.map((id) => planned.get(id)!.y);
    const [x] = xs;
    if (!x) continue;
    const { definition, config } = layer;
    const tensors = { x, xs, y, weight, kept };
    if (mode === 'inference' && definition.inference) definition.inference(record, tensors, values, config);
    else definition.forward?.(record, tensors, values, config);
  }
}

export function recordBackward(record: Recorder, planned: PlannedLayers, weight: Tensor): void {
  for (const { layer, y, dy, kept, values, gradients } of [...planned.values()].reverse()) {
    const before = layer.from.map((id) => planned.get(id)!);
    const [first] = before;
    if (!first || !dy) continue;
    const [xs, dxs] = [before.map((from) => from.y), before.map((from) => from.dy)];
    const tensors = { x: first.y, xs, y, weight, kept, dy, dx: first.dy, dxs };
    layer.definition.backward?.(record, tensors, values, gradients, layer.config);
  }
}
