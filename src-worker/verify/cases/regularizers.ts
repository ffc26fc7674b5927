/** Penalties, norm limits and clipping as programs on the backend; updates with penalties as an engine's steps. */
import type { RegularizeSpec } from '../../contract/experiment.ts';
import { regularizeSchema } from '../../contract/experiment.ts';
import { formula, ProgramBuilder, type Recorder } from '../../plan/builder.ts';
import { sizeOf, type Op, type Shape, type Tensor } from '../../plan/program.ts';
import { clipByNorm } from '../../regularizers/clipping.ts';
import { limitNorms } from '../../regularizers/max-norm.ts';
import {
  penalty as penaltyFormula,
  penaltyGradient,
  penaltyOf,
  regularizedUpdate
} from '../../regularizers/regularize.ts';
import type { GoldenCase } from '../golden.ts';
import { axisLast, filters } from '../layouts.ts';
import { input, param, Unsupported, type Answer, type Runner, type Surroundings } from './case.ts';
import { followGradients, optimizerOf, type GivenGradients } from './optimizers.ts';

/** Runs a program over tensors that belong to no example, given by name, and answers what it wrote by name. */
async function runWhole(
  { backend }: Surroundings,
  shapes: Readonly<Record<string, Shape>>,
  given: Readonly<Record<string, ArrayLike<number>>>,
  write: (
    record: Recorder,
    tensors: Readonly<Record<string, Tensor>>,
    scratch: (name: string, shape: Shape) => Tensor
  ) => void
): Promise<Readonly<Record<string, Float32Array | Float64Array>>> {
  const builder = new ProgramBuilder();
  const place = (name: string, shape: Shape) => builder.tensor(name, shape, { perExample: false });
  const tensors = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, place(name, shape)]));
  const ops: Op[] = [];
  write(builder.record(ops), tensors, place);
  const inputs = new Map(Object.entries(given).map(([name, values]) => [tensors[name]!, values]));
  const results = await backend.run({ batchSize: 1, tensors: builder.tensors, ops }, inputs);
  return Object.fromEntries([...results].map(([tensor, values]) => [tensor.name, values]));
}

/** The penalty over all weights, and its gradient for each. */
export const penalty: Runner = async (one, on) => {
  const { spec, batchSize } = penaltySpecOf(one);
  const constants = { ...penaltyOf(spec, batchSize) };
  const weights = Object.entries(one.inputs);
  const shapes = weights.flatMap(([name, { shape }]): [string, Shape][] => [
    [name, shape],
    [`d${name}`, shape]
  ]);
  const given = Object.fromEntries(weights.map(([name, { data }]) => [name, data]));
  const outputs = await runWhole(on, { ...Object.fromEntries(shapes), penalty: [1] }, given, (record, tensors) => {
    for (const [name, { shape }] of weights) {
      const [w, dw, sum] = [tensors[name]!, tensors[`d${name}`]!, tensors['penalty']!];
      const grid = { pixels: 1, groups: 1, members: sizeOf(shape) };
      record.reduce(
        formula(penaltyFormula),
        { w, penalty: sum },
        { grid, axes: { penalty: '' }, constants, add: true }
      );
      record.map(formula(penaltyGradient), { w, dw }, { constants });
    }
  });
  return { outputs };
};

/**
 * The penalty that a case means, in our settings. `l1` and `l2`, or `alpha` and `l1_ratio`, say it themselves; where there is only
 * `lambda`, the words say whether it is L1 or L2, and `m` that it is meant per example.
 */
function penaltySpecOf(one: GoldenCase): { spec: RegularizeSpec; batchSize: number } {
  const { params } = one;
  const spec = (settings: Partial<RegularizeSpec>) => regularizeSchema.parse(settings);
  if ('alpha' in params) {
    const [alpha, ratio] = [param(one, 'alpha'), param(one, 'l1_ratio')];
    return { spec: spec({ l1: alpha * ratio, l2: alpha * (1 - ratio), form: 'half' }), batchSize: 1 };
  }
  const isHalf = /(?:lambda\s*\/\s*2(?!\s*\*?\s*m|\d)|0\.5\s*\*\s*lambda|1\s*\/\s*2)/.test(one.description);
  const form = 'm' in params ? 'per-example' : isHalf ? 'half' : 'whole';
  const batchSize = param(one, 'm', 1);
  if ('l1' in params || 'l2' in params)
    return { spec: spec({ l1: param(one, 'l1', 0), l2: param(one, 'l2', 0), form }), batchSize };
  const which = decided(one, { l1: L1, l2: L2 });
  return { spec: spec({ [which]: param(one, 'lambda'), form }), batchSize };
}

const L1 = /(?<![a-z0-9])l1(?![0-9])|lasso|\|w\||\babs\b/i;
const L2 = /(?<![a-z0-9])l2(?![0-9])|ridge|w\s*\^\s*2|w\s*\*\*\s*2|square/i;

/** What the name says, else the description, else the source: the first of them that speaks of one and not of the other. */
function decided<T extends string>({ name, description, source }: GoldenCase, ways: Readonly<Record<T, RegExp>>): T {
  const all = Object.keys(ways) as T[];
  for (const text of [name, description, source]) {
    const said = all.filter((way) => ways[way].test(text));
    if (said.length === 1) return said[0]!;
  }
  throw new Unsupported(`neither its name nor its description says which is meant: ${all.join(' or ')}`);
}

/**
 * A few steps of an optimizer with decay. `lambda` and `m` are the penalty per example; `weight_decay` is added to the gradient, or,
 * where the case speaks of decoupled decay, taken off the weight.
 */
export const update: Runner = (one, on) => {
  const [start, gradients] = [input(one, 'w'), input(one, 'g')];
  return followGradients(one, on, {
    optimizer: optimizerOf(one, optimizerNamed(one)),
    regularize: decayOf(one),
    name: 'w',
    start,
    gradients,
    batchSize: param(one, 'm', 1)
  });
};

/** The optimizer without its decay: the source names it, or its settings betray it. */
function optimizerNamed({ source, params }: GoldenCase): string {
  const named = /optim\.([a-z]+)/i.exec(source)?.[1]?.toLowerCase() ?? ('betas' in params ? 'adam' : 'sgd');
  if (named === 'sgd' && Number(params['momentum'] ?? 0) > 0) return params['nesterov'] ? 'nesterov' : 'sgd_momentum';
  return named === 'adamw' ? 'adam' : named;
}

function decayOf(one: GoldenCase): GivenGradients['regularize'] {
  if ('lambda' in one.params) return { l2: param(one, 'lambda'), form: 'per-example' };
  const way = decided(one, { decay: /(?<!not )decoupled|adamw|mul_/i, l2: /(?<!de)coupled|(?<![a-z0-9])l2(?![0-9])/i });
  return { [way]: param(one, 'weight_decay'), form: 'half' };
}

/** `axis` names the one that counts units or filters. */
export const maxNorm: Runner = async (one, on) => {
  const { shape, data } = input(one, 'w');
  const axis = Number(
    /-?\d+/.exec(String(one.params['axis'] ?? ''))?.[0] ?? (shape.length === 4 ? 0 : shape.length - 1)
  );
  const layout = shape.length === 4 && axis === 0 ? filters(shape) : axisLast(shape, axis);
  const { w } = await runWhole(on, { w: layout.shape }, { w: layout.toOurs(data) }, (record, tensors, scratch) =>
    limitNorms(record, [{ value: tensors['w']! }], param(one, 'max_norm'), scratch)
  );
  return { outputs: { w_new: layout.toGolden(w!) } };
};

/** The norm is that before clipping. */
export const clipNorm =
  (per: 'network' | 'tensor'): Runner =>
  async (one, on) => {
    const given = dataOf(one);
    const names = Object.keys(given);
    const squares: string[] = [];
    const got = await runWhole(on, shapesOf(one), given, (record, tensors, scratch) => {
      const gradients = names.map((name) => tensors[name]!);
      clipByNorm(record, gradients, { limit: param(one, 'max_norm'), per }, (name, shape) => {
        squares.push(name);
        return scratch(name, shape);
      });
    });
    const norms = squares.map((name) => [Math.sqrt(got[name]![0]!)]);
    const measured = per === 'network' ? { total_norm: norms[0]! } : byName(names, 'norm', (at) => norms[at]!);
    return { outputs: { ...measured, ...byName(names, 'clipped', (at) => got[names[at]!]!) } };
  };

/** The line of the update rule that clips, with an "update" that only hands the gradient on. */
export const clipValue: Runner = async (one, on): Promise<Answer> => {
  const clip = { kind: 'value', limit: param(one, 'clip_value') } as const;
  const { text, constants } = regularizedUpdate('w = g', { l1: 0, l2: 0 }, { decay: 0, clip });
  const given = dataOf(one);
  const names = Object.keys(given);
  const shapes = Object.entries(shapesOf(one)).flatMap(([name, shape]): [string, Shape][] => [
    [name, shape],
    [`${name}_clipped`, shape]
  ]);
  const outputs = await runWhole(on, Object.fromEntries(shapes), given, (record, tensors) => {
    for (const name of names)
      record.map(formula(text), { gradient: tensors[name]!, w: tensors[`${name}_clipped`]! }, { constants });
  });
  return { outputs };
};

const dataOf = ({ inputs }: GoldenCase) =>
  Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data]));
const shapesOf = ({ inputs }: GoldenCase) =>
  Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape]));
const byName = (names: readonly string[], suffix: string, value: (at: number) => ArrayLike<number>) =>
  Object.fromEntries(names.map((name, at) => [`${name}_${suffix}`, value(at)]));
