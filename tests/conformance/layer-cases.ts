/** What every layer must keep to, as functions that can be pointed at any definition. Not a test itself. */
import type { Backend } from '../../src-worker/backends/backend.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import type { LayerDefinition } from '../../src-worker/layers/layer.ts';
import { sizeOf, type Shape } from '../../src-worker/plan/program.ts';
import { layerProgram, type LayerProgram } from '../support/programs.ts';
import { mistake, none, worse, type Mistake } from './mistake.ts';

export const BATCH = 3;
const STEP = 1e-5;

/** Input shapes to try; a layer takes those that it accepts. */
const shapes: Shape[] = [[5], [1], [3, 4], [4, 3, 2], [2, 2, 4]];

/** Settings that differ from the defaults, where a layer has more than one way to compute. */
const variants: Record<string, Record<string, unknown>[]> = {
  dense: [{ units: 4 }, { units: 5 }, { units: 1, bias: false }],
  conv2d: [
    { filters: 3 },
    { filters: 2, kernel: 2, kernelWidth: 3, stride: 2, padding: 'same', bias: false },
    { filters: 2, kernel: 2, stride: 2, strideWidth: 1, padding: 'same' },
    { filters: 1, kernel: 1, stride: 3, padding: 'explicit', pad: 2 }
  ],
  embedding: [
    { words: 3, width: 2 },
    { words: 2, width: 1 }
  ],
  'max-pool': [
    {},
    { stride: 1, strideWidth: 2, padding: 'same' },
    { kernel: 3, stride: 1, padding: 'same' },
    { kernel: 1, kernelWidth: 2, stride: 3 }
  ],
  'average-pool': ['same', 'explicit'].flatMap((padding) =>
    [true, false].map((countBorder) => ({ kernel: 3, stride: 2, strideWidth: 1, padding, pad: 1, countBorder }))
  ),
  gelu: [{ approximate: 'none' }, { approximate: 'tanh' }],
  'batch-norm': [{}, { eps: 0.1 }, { statistics: 'running' }],
  'layer-norm': [{}, { over: 'channels', eps: 0.1 }],
  'group-norm': [{ groups: 1 }, { groups: 2, eps: 0.1 }],
  dropout: [{ rate: 0.5 }, { rate: 0.2 }]
};

/** Shapes of the second input and those behind it, for layers that take several. */
const companions: Record<string, (first: Shape) => Shape[][]> = {
  add: (first) => [[first], [first, first]],
  concat: (first) => [[first], [[...first.slice(0, -1), 3], first]]
};

export interface GradientCase {
  readonly title: string;
  readonly program: LayerProgram;
  /** Real examples of the batch; the others only fill it up. */
  readonly real: number;
}

/** The definition with its settings, on every shape that it takes, with full batches and with one that is filled up. */
export const gradientCases = (definition: LayerDefinition): GradientCase[] =>
  (variants[definition.kind] ?? [{}]).flatMap((settings) =>
    shapes.flatMap((inputShape) =>
      (companions[definition.kind]?.(inputShape) ?? [undefined]).flatMap((moreInputs) => {
        const of = { definition, settings, batchSize: BATCH, inputShape, ...(moreInputs && { moreInputs }) };
        const program = layerProgram(of);
        const on = [inputShape, ...(moreInputs ?? [])].map((shape) => shape.join('×')).join(' and ');
        const title = `${definition.kind} ${JSON.stringify(settings)} on ${on}`;
        if (!program) return [];
        return [
          { title, program, real: BATCH },
          { title: `${title}, ${BATCH - 1} of ${BATCH} examples`, program, real: BATCH - 1 }
        ];
      })
    )
  );

/** Values away from 0, where relu and its kin have a kink. */
function draw(size: number, stream: string): Float64Array {
  const random = randomStream(7, `init/${stream}`);
  return Float64Array.from({ length: size }, () => (random.below(2) === 0 ? 1 : -1) * (0.1 + random.uniform()));
}

/** Random values for all that comes into a layer; gradients of rows that only fill the batch up are 0. */
export function drawInputs({ program: { tensors, parameters }, real }: GradientCase): Record<string, Float64Array> {
  const sizeOfTensor = (name: string) => sizeOf(tensors[name]!.shape) * (tensors[name]!.perExample ? BATCH : 1);
  const inputs: Record<string, Float64Array> = {};
  for (const name of [...Object.keys(tensors).filter(isInput), 'dy', ...Object.keys(parameters)])
    inputs[name] = draw(sizeOfTensor(name), name);
  for (const [name, { role }] of Object.entries(parameters))
    if (role === 'statistic') inputs[name] = inputs[name]!.map(Math.abs); // a variance is never negative
  for (const name of Object.keys(tensors).filter((one) => one === 'kept.mask'))
    inputs[name] = draw(sizeOfTensor(name), name).map((value) => (value > 0 ? 1 : 0));
  inputs['dy']!.fill(0, real * sizeOf(tensors['y']!.shape));
  inputs['weight'] = Float64Array.from({ length: BATCH }, (_, b) => (b < real ? 1 / real : 0));
  return inputs;
}

const isInput = (name: string) => /^x\d*$/.test(name);

/** The gradient of an input or a learned parameter that is farthest from central differences of Σ y·dy. `backend` in float64. */
export async function worstGradient(one: GradientCase, backend: Backend): Promise<Mistake> {
  const { tensors, parameters, run } = one.program;
  const inputs = drawInputs(one);
  const analytic = await run(backend, inputs);
  const objective = async () => {
    const { y } = await run(backend, inputs, 'forward');
    return Array.from(y!).reduce((sum, value, i) => sum + value * inputs['dy']![i]!, 0);
  };
  const learned = Object.keys(parameters).filter((name) => parameters[name]!.role !== 'statistic');
  let worst = none;
  for (const name of [...Object.keys(tensors).filter(isInput), ...learned]) {
    const values = inputs[name]!;
    const gradient = analytic[`d${name}`] ?? []; // what is never written is a mistake
    for (const [i, kept] of values.entries()) {
      values[i] = kept + STEP;
      const up = await objective();
      values[i] = kept - STEP;
      const down = await objective();
      values[i] = kept;
      worst = worse(worst, mistake(`d${name}`, i, gradient[i] ?? NaN, (up - down) / (2 * STEP)));
    }
  }
  return worst;
}

/** Gradients are added to, so that x may feed two layers: after two backward passes each is the double of one. */
export async function worstSum(one: GradientCase, backend: Backend): Promise<Mistake> {
  const inputs = drawInputs(one);
  const once = await one.program.run(backend, inputs);
  const twice = await one.program.run(backend, inputs, 'twice');
  const gradients = [...Object.keys(inputs).filter(isInput), ...Object.keys(one.program.parameters)];
  return gradients
    .flatMap((name) =>
      Array.from(twice[`d${name}`]!, (value, i) => mistake(`2·d${name}`, i, value, 2 * once[`d${name}`]![i]!))
    )
    .reduce(worse, none);
}
