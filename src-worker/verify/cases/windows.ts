/** Convolution and pooling. */
import { windowOver, type WindowConfig } from '../../layers/window.ts';
import { layers } from '../../layers/table.ts';
import type { LayerDefinition } from '../../layers/layer.ts';
import type { Recorder } from '../../plan/builder.ts';
import { windowsOver, type Shape, type Window } from '../../plan/program.ts';
import type { GoldenCase, GoldenTensor } from '../golden.ts';
import { axisLast, filters, permuted, type Layout } from '../layouts.ts';
import { input, Unsupported, type Runner } from './case.ts';
import { runLayer } from './layers.ts';

export const conv2d: Runner = async (one, on) => {
  const { w, b, dy } = one.inputs;
  const { x, layout, inputShape, batchSize } = imageOf(one);
  const weights = filters(input(one, 'w').shape);
  const [height, width, , count] = weights.shape;
  const window = windowOf(one, [height!, width!]);
  const { definition, settings } = withWindow('conv2d', window, inputShape, { filters: count, bias: b !== undefined });
  const output = axisLast(dy!.shape, 1);
  const given = { x, dy: output.toOurs(dy!.data), W: weights.toOurs(w!.data), ...(b && { b: b.data }) };
  const got = await runLayer(on, { kind: 'conv2d', definition, settings, batchSize, inputShape }, given);
  return {
    outputs: {
      y: output.toGolden(got['y']!),
      dx: layout.toGolden(got['dx']!),
      dw: weights.toGolden(got['dW']!),
      ...(b && { db: got['db']! })
    }
  };
};

export const pool =
  (kind: 'max-pool' | 'average-pool'): Runner =>
  async (one, on) => {
    const { x, layout, inputShape, batchSize } = imageOf(one);
    const more = kind === 'average-pool' ? { countBorder: one.params['count_include_pad'] ?? true } : {};
    const { definition, settings } = withWindow(kind, windowOf(one), inputShape, more);
    const dy = input(one, 'dy');
    const output = axisLast(dy.shape, dy.shape.length - 3);
    const given = { x, dy: output.toOurs(dy.data) };
    const got = await runLayer(on, { kind, definition, settings, batchSize, inputShape }, given);
    return { outputs: { y: output.toGolden(got['y']!), dx: layout.toGolden(got['dx']!) } };
  };

export const globalAveragePool: Runner = async (one, on) => {
  const { x, layout, inputShape, batchSize } = imageOf(one);
  const given = { x, dy: input(one, 'dy').data };
  const got = await runLayer(on, { kind: 'global-average-pool', settings: {}, batchSize, inputShape }, given);
  return { outputs: { y: got['y']!, dx: layout.toGolden(got['dx']!) } };
};

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
  const layout = shape.length === 4 ? axisLast(shape, 1) : permuted(shape, [1, 2, 0]);
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
  readonly stride: number;
  readonly border: Border;
}

/** `kernel` and `stride` are a number or one each for height and width, `pad` the border in cells, `padding` its name or its size. */
function windowOf({ params }: GoldenCase, kernel = pair(params['kernel'], 'kernel')): WantedWindow {
  const [down, across] = pair(params['stride'] ?? 1, 'stride');
  if (down !== across) throw new Unsupported(`no layer here strides ${down} pixels down and ${across} across`);
  return { kernel, stride: down, border: borderOf(params) };
}

function borderOf({ pad, padding = 0 }: GoldenCase['params']): Border {
  if (Array.isArray(pad) && pad.length === 4) return pad as unknown as Window['pad'];
  if (pad === undefined && padding === 'same') return 'same';
  const [rows, columns] = pair(pad ?? (padding === 'valid' ? 0 : padding), 'padding');
  return [rows, rows, columns, columns];
}

function pair(value: unknown, name: string): readonly [number, number] {
  if (typeof value === 'number') return [value, value];
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
  const size = { kernel: kernel[0], kernelWidth: kernel[1], stride };
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
