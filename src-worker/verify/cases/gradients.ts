/** What a gradient checker should report: on a small network, on one with mistakes made on purpose, and at a kink. */
import { referenceBackend } from '../../backends/reference/reference.ts';
import { formula, ProgramBuilder } from '../../plan/builder.ts';
import type { Parameter, Plan } from '../../plan/plan.ts';
import type { Op } from '../../plan/program.ts';
import { layers } from '../../layers/table.ts';
import type { GoldenCase, GoldenTensor } from '../golden.ts';
import { checkGradients, crossesKink, relativeError, slopesAt } from '../gradient-check.ts';
import { pointOf, type PointOptions } from '../gradients.ts';
import { layerProgram } from '../layer-program.ts';
import { learnedParameters, openSession } from '../session.ts';
import {
  input,
  listParam,
  param,
  textParam,
  Unsupported,
  type Answer,
  type Limit,
  type Runner,
  type Surroundings
} from './case.ts';
import { mlpOf } from './optimizers.ts';

const exact = referenceBackend('float64');

/** The loss and the analytic gradients of the perceptron on the backend. */
export const gradient: Runner = async (one, on) => {
  const { point, parameters } = await perceptron(one, on);
  const at = pointOf(on.backend, point);
  const gradients = await at.gradients();
  const named = Object.entries(parameters).map(([name, parameter]) => [`d${name}`, gradients(parameter)]);
  return { outputs: { loss: [await at.loss()], ...Object.fromEntries(named) } };
};

/** `f64_h_1e-5_below`: the error in float64 with h = 1e-5; `f32_best_h_below`: the smallest of all steps that were tried there. */
const LIMIT = /^(f32|f64)_(?:h_(.+)|best_h)_below$/;

interface MeasuredThere {
  readonly precision: string;
  readonly h: number;
  readonly relative_error: number;
}

/** In float32 on the backend, in float64 on the reference. */
export const gradientCheck: Runner = async (one, on) => {
  const { point } = await perceptron(networkOf(one, on), on);
  const known = new Map<string, Promise<number>>();
  const errorAt = (precision: string, step: number): Promise<number> => {
    const key = `${precision} ${step}`;
    const backend = precision === 'f64' ? exact : on.backend;
    const error = known.get(key) ?? checkGradients({ ...point, backend, step }).then((report) => report.error);
    known.set(key, error);
    return error;
  };
  const there = [...((one.facts['measured'] ?? []) as MeasuredThere[])];
  there.sort((a, b) => a.relative_error - b.relative_error); // the best of theirs is likely to be that of ours
  const limits: Limit[] = [];
  for (const [name, below] of Object.entries((one.facts['limits'] ?? {}) as Record<string, number>)) {
    const [, precision, h] = LIMIT.exec(name) ?? [];
    if (!precision) throw new Unsupported(`the limit “${name}” is not known here`);
    const steps = h ? [Number(h)] : there.filter((measured) => measured.precision === precision).map(({ h }) => h);
    let value = Infinity;
    for (const step of steps) if (value >= below) value = Math.min(value, await errorAt(precision, step));
    limits.push({ name, value, below });
  }
  return { outputs: {}, limits };
};

/** Every mistake against the same, right central differences. */
export const gradientMistakes: Runner = async (one, on) => {
  const network = networkOf(one, on);
  const { point, parameters } = await perceptron(network, on);
  const numeric = await differences(point, param(one, 'h'));
  const errors: number[] = [];
  for (const mistake of listParam<string>(one, 'mistakes')) {
    const analytic = await mistaken(mistake, point, parameters);
    errors.push(relativeError(numeric.map((slope, at) => ({ numeric: slope, analytic: analytic[at]! }))));
  }
  return { outputs: { relative_error: errors } };
};

async function differences(options: PointOptions, h: number): Promise<number[]> {
  const point = pointOf(exact, options);
  const middle = await point.loss();
  const slopes: number[] = [];
  for (const parameter of learnedParameters(options.plan)) {
    const values = point.values(parameter);
    for (const index of values.keys())
      slopes.push((await slopesAt({ loss: point.loss, middle, values, index }, h)).central);
  }
  return slopes;
}

/** All gradients one after another, with the mistake that the words name. */
async function mistaken(
  mistake: string,
  options: PointOptions,
  parameters: Readonly<Record<string, Parameter>>
): Promise<number[]> {
  const named = (pattern: RegExp) => parameters[pattern.exec(mistake)?.[1] ?? '']?.name;
  const [doubled, missing, flipped] = [/^d(\w+) doubled/, /^d(\w+) missing/, /sign of d(\w+) flipped/].map(named);
  const isSummed = /summed instead of averaged/.test(mistake);
  const isTanh = /^tanh derivative 1 - a instead/.test(mistake);
  if (!doubled && !missing && !flipped && !isSummed && !isTanh)
    throw new Unsupported(`the mistake “${mistake}” is not known here`);
  const plan = isTanh ? withWrongTanh(options.plan) : options.plan;
  const gradients = await pointOf(exact, { ...options, plan }).gradients();
  return learnedParameters(plan).flatMap((parameter) => {
    const { name } = parameter;
    const factor = { [doubled ?? '']: 2, [missing ?? '']: 0, [flipped ?? '']: -1 }[name] ?? 1;
    return Array.from(gradients(parameter), (value) => value * factor * (isSummed ? options.rows.length : 1));
  });
}

/** Its backward pass takes 1 − y where the derivative is 1 − y². */
function withWrongTanh(plan: Plan): Plan {
  const builder = new ProgramBuilder();
  const tensor = (name: string) => builder.tensor(name, [1], { perExample: true });
  const [x, y, dy, dx, weight] = [tensor('x'), tensor('y'), tensor('dy'), tensor('dx'), tensor('weight')];
  const right: Op[] = [];
  layers['tanh']!.backward!(builder.record(right), { x, xs: [x], y, dy, dx, dxs: [dx], weight, kept: {} }, {}, {}, {});
  const [wanted] = right;
  const gradients = plan.gradients.map((op) =>
    op.op === 'map' && wanted?.op === 'map' && op.formula === wanted.formula
      ? { ...op, formula: formula('dx = dy * (1 - y)') }
      : op
  );
  return { ...plan, gradients };
}

/** J(w) = relu(w). Besides its numbers: a checker must see the kink and not blame the gradient. */
export const gradientKink: Runner = async (one): Promise<Answer> => {
  const [w, h] = [param(one, 'w'), param(one, 'h')];
  const relu = layerProgram({ definition: layers['relu']!, settings: {}, batchSize: 1, inputShape: [1] })!;
  const values = Float64Array.of(w);
  const run = () => relu.run(exact, { x: values, dy: [1] });
  const { y, dx } = await run();
  const analytic = dx![0]!;
  const at = { loss: async () => (await run())['y']![0]!, middle: y![0]!, values, index: 0 };
  const { central } = await slopesAt(at, h);
  const isSeen = await crossesKink(at, h, analytic);
  return {
    outputs: {
      numeric: [central],
      analytic: [analytic],
      relative_error: [relativeError([{ numeric: central, analytic }])]
    },
    limits: [{ name: 'kinks not seen', value: isSeen ? 0 : 1, below: 1 }]
  };
};

/** The case whose network this one means. */
function networkOf(one: GoldenCase, { files }: Surroundings): GoldenCase {
  const name = textParam(one, 'network');
  const found = files.flatMap(({ cases }) => cases).find((other) => other.name === name);
  if (!found) throw new Error(`The network “${name}” is not in this set`);
  return found;
}

/** The plan, the point and the parameters by the names of the case. */
async function perceptron(
  one: GoldenCase,
  on: Surroundings
): Promise<{ point: PointOptions; parameters: Record<string, Parameter> }> {
  const { X, labels, ...start } = one.inputs as Record<string, GoldenTensor>;
  const rows = Int32Array.from({ length: labels!.data.length }, (_, row) => row);
  const session = await openSession({
    ...on,
    backend: exact,
    ...mlpOf(one),
    training: { optimizer: { kind: 'sgd' } },
    batchSize: rows.length,
    examples: Float32Array.from(input(one, 'X').data),
    shape: X!.shape.slice(1)
  });
  const { plan, table, engine } = session;
  await engine.close();
  const learned = learnedParameters(plan);
  const arena = new Float64Array(plan.arena);
  const named = Object.entries(start).map(([name, { data }], at) => {
    arena.set(data, learned[at]!.at);
    return [name, learned[at]!] as const;
  });
  return { point: { plan, table, rows, arena }, parameters: Object.fromEntries(named) };
}
