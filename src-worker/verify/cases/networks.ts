/** Layers that only make sense in company: flatten, and blocks with a shortcut. */
import type { NodeSpec } from '../../contract/experiment.ts';
import { sizeOf, windowsOver } from '../../plan/program.ts';
import { asIs, axisLast, filters } from '../layouts.ts';
import { runNetwork } from '../network-program.ts';
import type { GoldenCase } from '../golden.ts';
import { input, outputShape, param, present, type Answer, type Runner, type Surroundings } from './case.ts';

/**
 * Flatten with the dense layer behind it that reads our order of the values (row by row, channels last) as theirs (channel by channel):
 * its weights are a permutation, so y and dx are those of flatten itself.
 */
export const flatten: Runner = async (one, on) => {
  const x = input(one, 'x');
  const layout = x.shape.length > 2 ? axisLast(x.shape, 1) : asIs(x.shape);
  const [batchSize, ...example] = layout.shape as [number, ...number[]];
  const size = sizeOf(example);
  const order = layout.toOurs(Int32Array.from({ length: batchSize * size }, (_, at) => at)).subarray(0, size);
  const permutation = new Float32Array(size * size);
  for (const [ours, theirs] of order.entries()) permutation[ours * size + theirs] = 1;
  const nodes = [
    { id: 'flat', kind: 'flatten' },
    { id: 'order', kind: 'dense', units: size, bias: false }
  ];
  const edges: [string, string][] = [
    ['x', 'flat'],
    ['flat', 'order']
  ];
  const got = await runNetwork(
    on.backend,
    { nodes, edges, shape: example, batchSize },
    {
      x: layout.toOurs(x.data),
      'order.W': permutation,
      ...present({ dy: one.inputs['dy']?.data })
    }
  );
  const { y, dx } = got;
  return { outputs: present({ y, dx: dx && layout.toGolden(dx) }) };
};

/** y = relu(x + conv(relu(conv(x, w1, b1)), w2, b2)). */
export const residualBlock: Runner = (one, on) => {
  const border = { stride: param(one, 'stride', 1), ...paddingOf(one, 'same') };
  const convolutions = { c1: { w: 'w1', b: 'b1' }, c2: { w: 'w2', b: 'b2' } };
  const nodes: NodeSpec[] = [
    { id: 'c1', ...convolution(one, 'w1', 'b1'), ...border },
    { id: 'a1', kind: 'relu' },
    { id: 'c2', ...convolution(one, 'w2', 'b2'), ...border },
    { id: 'sum', kind: 'add' },
    { id: 'a2', kind: 'relu' }
  ];
  const edges: [string, string][] = [
    ['x', 'c1'],
    ['c1', 'a1'],
    ['a1', 'c2'],
    ['x', 'sum'],
    ['c2', 'sum'],
    ['sum', 'a2']
  ];
  return runBlock(one, on, nodes, edges, convolutions);
};

/** y = conv(x, w) + conv(x, wp): where the main path strides, a convolution of kernel 1 brings the shortcut to its shape. */
export const residualProjection: Runner = (one, on) => {
  const stride = param(one, 'stride', 1);
  const main = convolution(one, 'w', 'b');
  const middle = { padding: 'explicit', pad: borderOf(one, main, stride) };
  const nodes: NodeSpec[] = [
    { id: 'main', ...main, stride, ...paddingOf(one, middle) },
    { id: 'shortcut', ...convolution(one, 'wp', 'bp'), stride },
    { id: 'sum', kind: 'add' }
  ];
  const edges: [string, string][] = [
    ['x', 'main'],
    ['x', 'shortcut'],
    ['main', 'sum'],
    ['shortcut', 'sum']
  ];
  return runBlock(one, on, nodes, edges, { main: { w: 'w', b: 'b' }, shortcut: { w: 'wp', b: 'bp' } });
};

/** Where the case does not say it: half the kernel, or whatever else leads to the shape of the output. */
function borderOf(one: GoldenCase, { kernel, kernelWidth }: ReturnType<typeof convolution>, stride: number): number {
  const image = axisLast(input(one, 'x').shape, 1).shape.slice(1);
  const wanted = outputShape(one).slice(-2);
  const fits = (pad: number) =>
    `${windowsOver(image, { kernel: [kernel, kernelWidth], stride: [stride, stride], pad: [pad, pad, pad, pad] })}` ===
    `${wanted}`;
  const middle = Math.floor(kernel / 2);
  return [middle, ...Array.from({ length: kernel + 1 }, (_, pad) => pad)].find(fits) ?? middle;
}

function convolution(one: GoldenCase, w: string, b: string) {
  const [count, , kernel, kernelWidth] = input(one, w).shape as [number, number, number, number];
  return { kind: 'conv2d', filters: count, kernel, kernelWidth, bias: b in one.inputs };
}

function paddingOf({ params }: GoldenCase, standard: 'same' | { padding: string; pad: number }): object {
  const padding = params['padding'] ?? params['pad'] ?? standard;
  if (typeof padding === 'number') return { padding: 'explicit', pad: padding };
  return typeof padding === 'string' ? { padding } : (padding as object);
}

async function runBlock(
  one: GoldenCase,
  on: Surroundings,
  nodes: readonly NodeSpec[],
  edges: readonly [string, string][],
  convolutions: Readonly<Record<string, { w: string; b: string }>>
): Promise<Answer> {
  const x = input(one, 'x');
  const { dy } = one.inputs;
  const [layout, output] = [axisLast(x.shape, 1), axisLast(outputShape(one), 1)];
  const [batchSize, ...shape] = layout.shape as [number, ...number[]];
  const given = present({ x: layout.toOurs(x.data), dy: dy && output.toOurs(dy.data) });
  for (const [id, { w, b }] of Object.entries(convolutions)) {
    given[`${id}.W`] = filters(input(one, w).shape).toOurs(input(one, w).data);
    if (b in one.inputs) given[`${id}.b`] = input(one, b).data;
  }
  const got = await runNetwork(on.backend, { nodes, edges, shape, batchSize }, given);
  if (!dy) return { outputs: { y: output.toGolden(got['y']!) } };
  const gradients = Object.entries(convolutions).flatMap(([id, { w, b }]) => [
    [`d${w}`, filters(input(one, w).shape).toGolden(got[`${id}.dW`]!)],
    ...(b in one.inputs ? [[`d${b}`, got[`${id}.db`]!]] : [])
  ]);
  return {
    outputs: { y: output.toGolden(got['y']!), dx: layout.toGolden(got['dx']!), ...Object.fromEntries(gradients) }
  };
}
