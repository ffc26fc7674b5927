/** Dense layers, activations, sums and joins of tensors, dropout: each by its definition, as a program on the backend. */
import type { GoldenCase } from '../golden.ts';
import { layerProgram, type LayerCase } from '../layer-program.ts';
import { asIs, axisLast, type Layout } from '../layouts.ts';
import { layers } from '../../layers/table.ts';
import { sizeOf, type Shape } from '../../plan/program.ts';
import { batchOf, input, listParam, outputShape, param, present, Unsupported } from './case.ts';
import type { Answer, Runner, Surroundings } from './case.ts';

type Given = Readonly<Record<string, ArrayLike<number> | undefined>>;
type Named = Readonly<Record<string, ArrayLike<number>>>;

/** Both passes of one layer, or forward alone where no `dy` is given; throws where the layer refuses such an input. */
export async function runLayer(
  { backend }: Surroundings,
  { kind, ...of }: Omit<LayerCase, 'definition'> & { kind: string; definition?: LayerCase['definition'] },
  given: Given,
  passes: 'forward' | 'both' | 'inference' = given['dy'] ? 'both' : 'forward'
): Promise<Named> {
  const definition = of.definition ?? layers[kind];
  if (!definition) throw new Unsupported(`there is no layer “${kind}” here`);
  const program = layerProgram({ ...of, definition });
  if (!program) throw new Error(`The layer ${kind} refuses an input of ${of.inputShape.join('×')}`);
  return program.run(backend, present(given), passes);
}

/** All axes but the last count examples. */
export const dense: Runner = async (one, on) => {
  const { shape, data } = input(one, 'x');
  const inputShape = [shape.at(-1)!];
  const batchSize = sizeOf(shape.slice(0, -1));
  const { b, dy } = one.inputs;
  const w = input(one, 'w');
  const settings = { units: w.shape.at(-1)!, bias: b !== undefined };
  const given = { x: data, W: w.data, dy: dy?.data, b: b?.data };
  const { y, dx, dW, db } = await runLayer(on, { kind: 'dense', settings, batchSize, inputShape }, given);
  return { outputs: present({ y, dx, dw: dW, db }) };
};

/** One formula per element. */
export const activation =
  (kind: string, settingsOf: (one: GoldenCase) => Record<string, unknown> = () => ({})): Runner =>
  async (one, on) => {
    const x = input(one, 'x');
    const { batchSize, example } = batchOf(x);
    const inputShape = [sizeOf(example)];
    const given = { x: x.data, dy: one.inputs['dy']?.data };
    const { y, dx } = await runLayer(on, { kind, settings: settingsOf(one), batchSize, inputShape }, given);
    return { outputs: present({ y, dx }) };
  };

export const leakyRelu = activation('leaky-relu', (one) => ({
  slope: param(one, ['slope', 'negative_slope', 'alpha'], 0.01)
}));

export const elu = activation('elu', (one) => ({ alpha: param(one, 'alpha', 1) }));

export const gelu = activation('gelu', ({ params }) => {
  const { approximate = 'none' } = params;
  const isTanh = approximate === 'tanh' || approximate === true;
  if (!isTanh && !['none', 'exact', 'erf', false].includes(approximate as string))
    throw new Unsupported(`there is no gelu here with the approximation ${JSON.stringify(approximate)}`);
  return { approximate: isTanh ? 'tanh' : 'none' };
});

/** Softmax and its logarithm, along any axis: that axis is our row. A row of one value, which a network has no use for, is one too. */
export const alongAxis =
  (kind: string): Runner =>
  async (one, on) => {
    const x = input(one, 'x');
    const layout = axisLast(x.shape.length === 0 ? [1] : x.shape, param(one, ['axis', 'dim'], -1));
    const [length, batchSize] = [layout.shape.at(-1)!, x.data.length / layout.shape.at(-1)!];
    const dy = one.inputs['dy'];
    const given = { x: layout.toOurs(x.data), dy: dy && layout.toOurs(dy.data) };
    const definition = { ...layers[kind]!, outputShape: ([row]: readonly Shape[]) => row! };
    const of = { kind, definition, settings: {}, batchSize, inputShape: [length] };
    const { y, dx } = await runLayer(on, of, given);
    return { outputs: present({ y: layout.toGolden(y!), dx: dx && layout.toGolden(dx) }) };
  };

/** The mask is given, 1 where a value is kept. */
export const dropout: Runner = async (one, on) => {
  const x = input(one, 'x');
  const { batchSize, example } = batchOf(x);
  const given = { x: x.data, dy: one.inputs['dy']?.data, 'kept.mask': input(one, 'mask').data };
  const settings = { rate: param(one, ['p', 'rate'], 0.5) };
  const { y, dx } = await runLayer(on, { kind: 'dropout', settings, batchSize, inputShape: example }, given);
  return { outputs: present({ y, dx }) };
};

export const add: Runner = (one, on) => merge('add', one, on, summandsOf(one), (shape) => asIs(batched(shape)));

/** Along any axis, which moves to the end; the first of the others counts examples. */
export const concat: Runner = (one, on) => {
  const names = one.params['inputs'] ? listParam<string>(one, 'inputs') : summandsOf(one);
  const { length } = input(one, names[0]!).shape;
  const axis = param(one, ['axis', 'dim'], length > 1 ? 1 : 0);
  return merge('concat', one, on, names, (shape) => axisLast(batched(shape), length < 2 ? 1 : axis));
};

const summandsOf = ({ inputs }: GoldenCase) => Object.keys(inputs).filter((name) => name !== 'dy');

/** A tensor of one axis is a single row. */
const batched = (shape: Shape): Shape => (shape.length < 2 ? [1, shape[0] ?? 1] : shape);

/** A layer of several inputs: x, x2, x3, … here, a, b, c, … there. The gradient of `a` is `da`. */
async function merge(
  kind: string,
  one: GoldenCase,
  on: Surroundings,
  names: readonly string[],
  layoutOf: (shape: Shape) => Layout
): Promise<Answer> {
  const parts = names.map((name, at) => {
    const { shape, data } = input(one, name);
    return { name, ours: at === 0 ? '' : `${at + 1}`, layout: layoutOf(shape), data };
  });
  const dy = one.inputs['dy'];
  const out = layoutOf(outputShape(one));
  const [first, ...others] = parts.map(({ layout }) => layout.shape.slice(1));
  const of = { kind, settings: {}, batchSize: parts[0]!.layout.shape[0]!, inputShape: first!, moreInputs: others };
  const given = Object.fromEntries(parts.map(({ ours, layout, data }) => [`x${ours}`, layout.toOurs(data)]));
  const got = await runLayer(on, of, { ...given, dy: dy && out.toOurs(dy.data) });
  const gradients = dy ? parts.map(({ name, ours, layout }) => [`d${name}`, layout.toGolden(got[`dx${ours}`]!)]) : [];
  return { outputs: { y: out.toGolden(got['y']!), ...Object.fromEntries(gradients) } };
}
