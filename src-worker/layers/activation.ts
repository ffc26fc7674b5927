import type { ConfigOf, Fields } from '../contract/fields.ts';
import { formula } from '../plan/builder.ts';
import { defineLayer, oneInput, type LayerDefinition } from './layer.ts';

interface Activation<F extends Fields> {
  readonly kind: string;
  readonly help: string;
  readonly config: F;
  /** `y = …` of x and the settings. */
  readonly forward: string;
  /** `dx = …` of dy, x, y and the settings: dy times the derivative. */
  readonly backward: string;
}

/**
 * A layer that is one formula per element.
 *
 * Shapes: x and y alike.
 */
export function defineActivation<const F extends Fields>({
  kind,
  help,
  config,
  forward,
  backward
}: Activation<F>): LayerDefinition {
  const constants = (settings: ConfigOf<F>) => settings as unknown as Record<string, number>;
  return defineLayer<F>({
    kind,
    group: 'activation',
    help,
    config,
    inputs: oneInput,
    outputShape: ([x]) => x!,
    forward: (record, { x, y }, _, settings) =>
      record.map(formula(forward), { x, y }, { constants: constants(settings) }),
    backward(record, { x, y, dy, dx }, _, __, settings) {
      if (dx) record.map(formula(backward), { x, y, dy, dx }, { add: true, constants: constants(settings) });
    }
  });
}
