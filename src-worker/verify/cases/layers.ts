/** Dense layers, activations, sums and joins of tensors, dropout: each by its definition, as a program on the backend. */
import type { GoldenCase } from '../golden.ts';
import { layerProgram, type LayerCase } from '../layer-program.ts';
import { asIs, axisLast, type Layout } from '../layouts.ts';
import { layers } from '../../layers/table.ts';
import { sizeOf, type Shape } from '../../plan/program.ts';
import { batchOf, input, listParam, param, Unsupported, type Answer, type Runner, type Surroundings } from './case.ts';

type Named = Readonly<Record<string, ArrayLike<number>>>;

/** Both passes of one layer; throws where it refuses such an input. */
export async function runLayer(
  { backend }: Surroundings,
  { kind, ...of }: Omit<LayerCase, 'definition'> & { kind: string; definition?: LayerCase['definition'] },
  given: Named,
  passes?: 'forward' | 'both' | 'inference'
): Promise<Named> {
  const definition = of.definition ?? layers[kind];
  if (!definition) throw new Unsupported(`there is no layer “${kind}” here`);
  const program = layerProgram({ ...of, definition });
  if (!program) throw new Error(`The layer ${kind} refuses an input of ${of.inputShape.join('×')}`);
  return program.run(backend, given, passes);
}

/** All axes but the last count examples. */
export const dense: Runner = async (one, on) => {
  const { shape, data } = input(one, 'x');
  const inputShape = [shape.at(-1)!];
  const batchSize = sizeOf(shape.slice(0, -1));
  const settings = { units: param(one, 'out'), bias: 'b' in one.inputs };
  const { w, b, dy } = one.inputs;
  const given = { x: data, W: w!.data, dy: dy!.data, ...(b && { b: b.data }) };
  const { y, dx, dW, db } = await runLayer(on, { kind: 'dense', settings, batchSize, inputShape }, given);
  return { outputs: { y: y!, dx: dx!, dw: dW!, ...(db && { db }) } };
};

/** One formula per element: the settings of ours and theirs have the same names. */
export const activation =
  (kind: string): Runner =>
  async (one, on) => {
    const x = input(one, 'x');
    const { batchSize, example } = batchOf(x);
    const inputShape = [sizeOf(example)];
    const given = { x: x.data, dy: input(one, 'dy').data };
    const { y, dx } = await runLayer(on, { kind, settings: one.params, batchSize, inputShape }, given);
    return { outputs: { y: y!, dx: dx! } };
  };

/** Softmax and its logarithm, along any axis: that axis is our row. */
export const alongAxis =
  (kind: string): Runner =>
  async (one, on) => {
    const x = input(one, 'x');
    const layout = axisLast(x.shape, param(one, 'axis', -1));
    const [length, batchSize] = [layout.shape.at(-1)!, x.data.length / layout.shape.at(-1)!];
    const given = { x: layout.toOurs(x.data), dy: layout.toOurs(input(one, 'dy').data) };
    const { y, dx } = await runLayer(on, { kind, settings: {}, batchSize, inputShape: [length] }, given);
    return { outputs: { y: layout.toGolden(y!), dx: layout.toGolden(dx!) } };
  };

/** The mask is given, 1 where a value is kept. */
export const dropout: Runner = async (one, on) => {
  const x = input(one, 'x');
  const { batchSize, example } = batchOf(x);
  const given = { x: x.data, dy: input(one, 'dy').data, 'kept.mask': input(one, 'mask').data };
  const settings = { rate: param(one, 'p') };
  const { y, dx } = await runLayer(on, { kind: 'dropout', settings, batchSize, inputShape: example }, given);
  return { outputs: { y: y!, dx: dx! } };
};

export const add: Runner = (one, on) => merge('add', one, on, summandsOf(one), (shape) => asIs(shape));

/** Along any axis but the one that counts examples, which moves to the end. */
export const concat: Runner = (one, on) => {
  const names = one.params['inputs'] ? listParam<string>(one, 'inputs') : summandsOf(one);
  const axis = param(one, 'axis', 1);
  return merge('concat', one, on, names, (shape) => axisLast(shape, axis));
};

const summandsOf = ({ inputs }: GoldenCase) => Object.keys(inputs).filter((name) => name !== 'dy');

/** A layer of several inputs: x, x2, x3, … here, a, b, c, … there. The gradient of `a` is `da`. */
async function merge(
  kind: string,
  one: GoldenCase,
  on: Surroundings,
  names: readonly string[],
  layoutOf: (shape: Shape) => Layout
): Promise<Answer> {
  const parts = names.map((name, at) => ({ name, ours: at === 0 ? '' : `${at + 1}`, ...partOf(name) }));
  const dy = input(one, 'dy');
  const out = layoutOf(dy.shape);
  const [first, ...others] = parts.map(({ layout }) => layout.shape.slice(1));
  const of = { kind, settings: {}, batchSize: parts[0]!.layout.shape[0]!, inputShape: first!, moreInputs: others };
  const given = Object.fromEntries(parts.map(({ ours, layout, data }) => [`x${ours}`, layout.toOurs(data)]));
  const got = await runLayer(on, of, { ...given, dy: out.toOurs(dy.data) });
  const gradients = parts.map(({ name, ours, layout }) => [`d${name}`, layout.toGolden(got[`dx${ours}`]!)]);
  return { outputs: { y: out.toGolden(got['y']!), ...Object.fromEntries(gradients) } };

  function partOf(name: string) {
    const { shape, data } = input(one, name);
    return { layout: layoutOf(shape.length < 2 ? [1, ...shape] : shape), data };
  }
}
