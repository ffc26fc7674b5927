import type { ConfigOf, Fields } from '../contract/fields.ts';
import { formula } from '../plan/builder.ts';
import { defineLayer, oneInput, type LayerDefinition } from './layer.ts';

type FormulaText<F extends Fields> = string | ((config: ConfigOf<F>) => string);

interface Activation<F extends Fields> {
  readonly kind: string;
  readonly help: string;
  readonly config: F;
  /** `y = …` of x and the settings that are numbers. */
  readonly forward: FormulaText<F>;
  /** The same as TeX. */
  readonly formula: string;
  /** `dx = …` of dy, x, y and the settings: dy times the derivative. */
  readonly backward: FormulaText<F>;
}

/**
 * A layer that is one formula per element.
 *
 * Shapes: x and y alike.
 */
export function defineActivation<const F extends Fields>(activation: Activation<F>): LayerDefinition {
  const { kind, help, config, formula: tex } = activation;
  const rule = (text: FormulaText<F>, settings: ConfigOf<F>) =>
    formula(typeof text === 'string' ? text : text(settings));
  return defineLayer<F>({
    kind,
    group: 'activation',
    help,
    config,
    formula: tex,
    inputs: oneInput,
    outputShape: ([x]) => x!,
    forward(record, { x, y }, _, settings) {
      record.map(rule(activation.forward, settings), { x, y }, { constants: numbersOf(settings) });
    },
    backward(record, { x, y, dy, dx }, _, __, settings) {
      const options = { add: true, constants: numbersOf(settings) };
      if (dx) record.map(rule(activation.backward, settings), { x, y, dy, dx }, options);
    }
  });
}

const numbersOf = (settings: object): Record<string, number> =>
  Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  );
