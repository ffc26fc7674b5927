/** Convolution and pooling. */
import { windowOver, type WindowConfig } from '../../layers/window.ts';
import { layers } from '../../layers/table.ts';
import type { LayerDefinition } from '../../layers/layer.ts';
import type { Recorder } from '../../plan/builder.ts';
import { windowsOver, type Shape, type Window } from '../../plan/program.ts';
import type { GoldenCase, GoldenTensor } from '../golden.ts';
import { axisLast, filters, permuted, type Layout } from '../layouts.ts';
import { input, outputShape, present, Unsupported, type Runner } from './case.ts';
import { runLayer } from './layers.ts';

export const conv2d: Runner = async (one, on) => {
  const { b, dy } = one.inputs;
  const w = input(one, 'w');
  const { x, layout, inputShape, batchSize } = imageOf(one);
  const weights = filters(w.shape);
  const [height, width, channels, count] = weights.shape as [number, number, number, number];
  if (channels !== inputShape[2])
    throw new Unsupported(`filters of ${channels} channels do not look at images of ${inputShape[2]} as a whole`);
  const window = windowOf(one, [height, width], 1);
  const { definition, settings } = withWindow('conv2d', window, inputShape, { filters: count, bias: b !== undefined });
  const output = imageLayout(outputShape(one));
  const given = { x, dy: dy && output.toOurs(dy.data), W: weights.toOurs(w.data), b: b?.data };
  const got = await runLayer(on, { kind: 'conv2d', definition, settings, batchSize, inputShape }, given);
  const { y, dx, dW, db } = got;
  return {
    outputs: present({
      y: output.toGolden(y!),
      dx: dx && layout.toGolden(dx),
      dw: dW && weights.toGolden(dW),
      db
    })
  };
};

export const pool =
  (kind: 'max-pool' | 'average-pool'): Runner =>
  async (one, on) => {
    const { x, layout, inputShape, batchSize } = imageOf(one);
    const more = kind === 'average-pool' ? { countBorder: one.params['count_include_pad'] ?? true } : {};
    const kernel = kernelOf(one);
    const { definition, settings } = withWindow(kind, windowOf(one, kernel, kernel), inputShape, more);
    const { dy } = one.inputs;
    const output = imageLayout(outputShape(one));
    const given = { x, dy: dy && output.toOurs(dy.data) };
    const { y, dx } = await runLayer(on, { kind, definition, settings, batchSize, inputShape }, given);
    return { outputs: present({ y: output.toGolden(y!), dx: dx && layout.toGolden(dx) }) };
  };

export const globalAveragePool: Runner = async (one, on) => {
  const { x, layout, inputShape, batchSize } = imageOf(one);
  const given = { x, dy: one.inputs['dy']?.data };
  const { y, dx } = await runLayer(on, { kind: 'global-average-pool', settings: {}, batchSize, inputShape }, given);
  return { outputs: present({ y, dx: dx && layout.toGolden(dx) }) };
};

/** [B, C, H, W] with the channels last, or [C, H, W]. */
const imageLayout = (shape: Shape): Layout => (shape.length === 4 ? axisLast(shape, 1) : permuted(shape, [1, 2, 0]));

/** x as [B, C, H, W], or [C, H, W] for a single image. */
function imageOf(one: GoldenCase): {
  x: GoldenTensor['data'];
  layout: Layout;
  inputShape: Shape;
  batchSize: number;
} {
  const { shape, data } = input(one, 'x');
  if (shape.length !== 3 && shape.length !== 4)
    throw new Error(`x should be images, but has the shape ${shape.join('×')}`);
  const layout = imageLayout(shape);
  return {
    x: layout.toOurs(data),
    layout,
    inputShape: layout.shape.slice(-3),
    batchSize: shape.length === 4 ? shape[0]! : 1
  };
}

type Border = Window['pad'] | 'same';

interface WantedWindow {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly border: Border;
}

/** `kernel` and `stride` are a number or one each for height and width, `pad` the border in cells, `padding` its name or its size. */
function windowOf(
  { params }: GoldenCase,
  kernel: readonly [number, number],
  standard: number | readonly [number, number]
): WantedWindow {
  return {
    kernel,
    stride: pair(params['stride'] ?? params['strides'] ?? standard, 'stride'),
    border: borderOf(params)
  };
}

const kernelOf = ({ params }: GoldenCase) =>
  pair(params['kernel'] ?? params['kernel_size'] ?? params['window'], 'kernel');

/** Cells say it exactly, so they count where the name of a border stands beside them. */
function borderOf({ pad, padding }: GoldenCase['params']): Border {
  const said = [pad, padding].filter((value) => value !== undefined && value !== null);
  const cells = said.find((value) => typeof value !== 'string');
  if (cells !== undefined) {
    if (Array.isArray(cells) && cells.length === 4) return cells as unknown as Window['pad'];
    const [rows, columns] = pair(cells, 'pad');
    return [rows, rows, columns, columns];
  }
  const name = String(said[0] ?? 'valid').toLowerCase();
  if (name === 'same') return 'same';
  if (name === 'valid') return [0, 0, 0, 0];
  throw new Unsupported(`there is no border “${name}” here`);
}

function pair(value: unknown, name: string): readonly [number, number] {
  if (typeof value === 'number') return [value, value];
  if (Array.isArray(value) && value.length === 1) return [value[0] as number, value[0] as number];
  if (Array.isArray(value) && value.length === 2) return value as unknown as readonly [number, number];
  throw new Error(`params.${name} should be one number or two, but is ${JSON.stringify(value)}`);
}

/** The layer with this window: by its own settings where they can say it. */
function withWindow(
  kind: string,
  { kernel, stride, border }: WantedWindow,
  image: Shape,
  more: Record<string, unknown>
): { definition: LayerDefinition; settings: Record<string, unknown> } {
  const definition = layers[kind]!;
  const size = { kernel: kernel[0], kernelWidth: kernel[1], stride: stride[0], strideWidth: stride[1] };
  const ways = (['same', 'valid', 'explicit'] as const).map((padding): WindowConfig => {
    const pad = padding === 'explicit' && border !== 'same' ? border[0] : 0;
    return { ...size, padding, pad };
  });
  const way = ways.find((config) => border === 'same' || `${windowOver(image, config).pad}` === `${border}`);
  if (way) return { definition, settings: { ...way, ...more } };
  const window = { kernel, stride, pad: border as Window['pad'] };
  return { definition: overWindow(definition, window), settings: { ...size, ...more } };
}

/** The same layer over a window that its settings cannot say, such as a border of its own on every side. */
function overWindow(definition: LayerDefinition, window: Window): LayerDefinition {
  const over = (record: Recorder): Recorder => ({
    ...record,
    conv2d: (parts) => record.conv2d({ ...parts, window }),
    conv2dBackInput: (parts) => record.conv2dBackInput({ ...parts, window }),
    conv2dBackWeights: (parts) => record.conv2dBackWeights({ ...parts, window }),
    pool2d: (parts) => record.pool2d({ ...parts, window }),
    pool2dBack: (parts) => record.pool2dBack({ ...parts, window })
  });
  return {
    ...definition,
    outputShape: ([x], config) => [...windowsOver(x!, window), (config as { filters?: number }).filters ?? x!.at(-1)!],
    forward: (record, ...rest) => definition.forward!(over(record), ...rest),
    backward: (record, ...rest) => definition.backward!(over(record), ...rest)
  };
}
