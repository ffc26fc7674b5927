/** A layer's numbers written out: how its output size, its parameters and its multiply-adds come about. For people. */
import type { ConfigOf, Fields, Kinded } from '../contract/fields.ts';
import type { LayerReport } from '../contract/report.ts';
import { initializers } from '../initializers/table.ts';
import type { Spread } from '../initializers/initializer.ts';
import type { ParameterRule, Step } from '../layers/layer.ts';
import { layers } from '../layers/table.ts';
import { sizeOf, type Shape } from '../plan/program.ts';

export type { Spread, Step };

export interface Explanation {
  /** TeX, one formula a line; null where there is nothing to compute. */
  readonly formula: string | null;
  readonly output: readonly Step[];
  /** Those that follow a gradient; null where nothing is learned. */
  readonly learned: Step | null;
  /** Running averages, which are kept but not learned. */
  readonly statistics: Step | null;
  readonly multiplyAdds: Step | null;
  /** The fully connected layer that makes an output of the same size from the same image; null where there is nothing to compare. */
  readonly dense: { readonly weights: Step; readonly biases: number } | null;
}

export function explainLayer(layer: LayerReport): Explanation {
  const definition = layers[layer.kind]!;
  const config = layer.settings as ConfigOf<Fields>;
  const rules = Object.values(definition.parameters?.(layer.inputShapes, config) ?? {});
  return {
    formula: definition.formula ?? null,
    output: definition.outputSteps?.(layer.inputShapes, config) ?? [],
    learned: countOf(rules.filter(({ role }) => role !== 'statistic')),
    statistics: countOf(rules.filter(({ role }) => role === 'statistic')),
    multiplyAdds: workOf(layer, rules),
    dense: denseLike(layer, rules)
  };
}

/** A parameter tensor of a layer, with how its first values are drawn. */
export interface InitialWeights {
  /** `W` */
  readonly name: string;
  readonly shape: Shape;
  readonly init: Kinded;
  readonly fanIn: number;
  readonly fanOut: number;
  readonly spread: Spread | null;
}

/** The weights whose first values a person chooses. */
export function initialWeightsOf({ kind, inputShapes, settings }: LayerReport): InitialWeights[] {
  const config = settings as ConfigOf<Fields>;
  const rules = layers[kind]!.parameters?.(inputShapes, config) ?? {};
  return Object.entries(rules).flatMap(([name, { role, shape, init, fanIn, fanOut }]) => {
    if (role !== 'weight') return [];
    const spread = initializers[init.kind]!.spread?.({ fanIn, fanOut }, init as unknown as ConfigOf<Fields>) ?? null;
    return [{ name, shape, init, fanIn, fanOut, spread }];
  });
}

/** `(3·3·1 + 1)·16`: the last axis is taken out where all tensors share it, and tensors of one shape are counted. */
function countOf(rules: readonly ParameterRule[]): Step | null {
  if (rules.length === 0) return null;
  const value = rules.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const last = rules[0]!.shape.at(-1)!;
  const texts = rules.map(({ shape }) => shape.join('·'));
  const [first, ...others] = [...new Set(texts)];
  if (others.length === 0) return { text: rules.length === 1 ? first! : `${rules.length}·${first}`, value };
  if (rules.some(({ shape }) => shape.at(-1) !== last)) return { text: texts.join(' + '), value };
  const terms = rules.map(({ shape }) => shape.slice(0, -1).join('·') || '1');
  return { text: `(${terms.join(' + ')})·${last}`, value };
}

/** For every value that comes out, one multiply-add for each weight that it takes. */
function workOf({ multiplyAdds: value, outputShape }: LayerReport, rules: readonly ParameterRule[]): Step | null {
  if (value === 0) return null;
  const each = value / sizeOf(outputShape);
  const weights = rules.find(({ role }) => role === 'weight')?.shape.slice(0, -1) ?? [];
  const text = weights.length > 0 && sizeOf(weights) === each ? weights.join('·') : String(each);
  return { text: `${outputShape.join('·')} · ${text}`, value };
}

/** Sharing weights between the places of an image is what a dense layer cannot do. */
function denseLike({ inputShapes, outputShape }: LayerReport, rules: readonly ParameterRule[]): Explanation['dense'] {
  const [x] = inputShapes;
  if (x?.length !== 3 || outputShape.length !== 3 || !rules.some(({ role }) => role === 'weight')) return null;
  const text = `${x.join('·')}·${outputShape.join('·')}`;
  return { weights: { text, value: sizeOf(x) * sizeOf(outputShape) }, biases: sizeOf(outputShape) };
}
