/** The parameters of a plan: their places in the arenas, and how each is updated. */
import type { Experiment } from '../contract/experiment.ts';
import { optimizers } from '../optimizers/table.ts';
import { clipByNorm } from '../regularizers/clipping.ts';
import { limitNorms } from '../regularizers/max-norm.ts';
import { penaltyOf, regularizedUpdate } from '../regularizers/regularize.ts';
import { formula, type ProgramBuilder } from './builder.ts';
import type { Parameter, Plan, UpdateRule } from './plan.ts';
import type { PlannedLayers } from './planned-layers.ts';
import { sizeOf, type Op, type Shape } from './program.ts';

type Updating = Pick<Plan, 'parameters' | 'arena' | 'states' | 'updates' | 'afterGradients' | 'afterUpdate'>;

export function planUpdates(
  builder: ProgramBuilder,
  { training }: Experiment,
  planned: PlannedLayers,
  batchSize: number
): Updating {
  const { kind, ...settings } = training.optimizer;
  const { update, state } = optimizers[kind]!;
  const { regularize, clip } = training;
  const ruleOf = (parameter: Unplaced): Rule => {
    if (parameter.role === 'statistic') return { text: STATISTIC, constants: { rate: parameter.rate! } };
    const isPenalized = parameter.role === 'weight' || regularize.biases;
    const penalties = isPenalized ? penaltyOf(regularize, batchSize) : { l1: 0, l2: 0 };
    const { text, constants } = regularizedUpdate(update, penalties, {
      decay: isPenalized ? regularize.decay : 0,
      clip
    });
    return { text, constants: { ...numbersOf(settings), ...constants } };
  };
  const { parameters, updates, arena } = place(parametersOf(planned), ruleOf);
  const learned = parameters.filter(({ role }) => role !== 'statistic');
  const scratch = (name: string, shape: Shape) => builder.tensor(name, shape, { perExample: false });
  const afterGradients: Op[] = [];
  const afterUpdate: Op[] = [];
  if (clip?.kind === 'norm')
    clipByNorm(
      builder.record(afterGradients),
      learned.map(({ gradient }) => gradient),
      clip,
      scratch
    );
  if (regularize.maxNorm !== null) {
    const weights = learned.filter(({ role }) => role === 'weight');
    limitNorms(builder.record(afterUpdate), weights, regularize.maxNorm, scratch);
  }
  return { parameters, arena, states: state, updates, afterGradients, afterUpdate };
}

interface Rule {
  readonly text: string;
  readonly constants: Readonly<Record<string, number>>;
}

/** A running average: the "gradient" of a statistic is its latest value. */
const STATISTIC = 'w = w + rate * (gradient - w)';

export type Unplaced = Omit<Parameter, 'at'> & { readonly rate?: number };

const numbersOf = (settings: Record<string, unknown>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  );

/** In the order of the layers, without places in the arenas. */
export const parametersOf = (planned: PlannedLayers): Unplaced[] =>
  [...planned.values()].flatMap(({ layer, values, gradients }) =>
    Object.entries(layer.parameters).map(([name, rule]) => ({
      name: `${layer.id}.${name}`,
      node: layer.id,
      value: values[name]!,
      gradient: gradients[`d${name}`]!,
      size: sizeOf(rule.shape),
      ...rule
    }))
  );

/**
 * Parameters of one rule lie side by side, in the order of the layers, so that a rule is one loop. Every parameter begins on a multiple
 * of 4 floats: whole SIMD vectors.
 */
function place(
  unplaced: readonly Unplaced[],
  ruleOf: (parameter: Unplaced) => Rule
): { parameters: Parameter[]; updates: UpdateRule[]; arena: number } {
  const byRule = new Map<string, { rule: Rule; members: Unplaced[] }>();
  for (const parameter of unplaced) {
    const rule = ruleOf(parameter);
    const key = JSON.stringify(rule);
    const group = byRule.get(key) ?? { rule, members: [] };
    group.members.push(parameter);
    byRule.set(key, group);
  }
  const places = new Map<string, number>();
  const updates: UpdateRule[] = [];
  let end = 0;
  for (const { rule, members } of byRule.values()) {
    const from = end;
    for (const { name, size } of members) {
      places.set(name, end);
      end += 4 * Math.ceil(size / 4); // no bit operations, which end at 2³¹
    }
    updates.push({ formula: formula(rule.text), constants: rule.constants, from, to: end });
  }
  const parameters = unplaced.map((parameter) => ({ ...parameter, at: places.get(parameter.name)! }));
  return { parameters, updates, arena: end };
}
