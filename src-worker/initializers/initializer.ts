/** What an initializer is: a rule that draws the first values of one parameter tensor. */
import type { ConfigOf, Fields } from '../contract/fields.ts';

/** What a draw may depend on. `normal` and `uniform` come from the parameter's own random stream. */
export interface Draw {
  /** Of the whole tensor; outputs last. */
  readonly shape: readonly number[];
  /** Values that feed one output; receptive field × input channels for a convolution. */
  readonly fanIn: number;
  readonly fanOut: number;
  /** Standard normal. */
  normal(): number;
  /** In [0, 1). */
  uniform(): number;
}

/** How wide a rule draws, written out: σ of a normal distribution, or the bound of a uniform one. */
export interface Spread {
  readonly of: 'σ' | 'bound';
  readonly text: string;
  readonly value: number;
}

export interface InitializerDefinition<F extends Fields = Fields> {
  readonly kind: string;
  readonly config: F;
  /** One line of help. */
  readonly help: string;
  spread?(fans: Pick<Draw, 'fanIn' | 'fanOut'>, config: ConfigOf<F>): Spread;
  fill(values: Float32Array, draw: Draw, config: ConfigOf<F>): void;
}

export const defineInitializer = <const F extends Fields>(
  definition: InitializerDefinition<F>
): InitializerDefinition => definition as unknown as InitializerDefinition;

/** √(share / fans) */
export const rootSpread = (of: Spread['of'], share: number, fans: number): Spread => ({
  of,
  text: `√(${share}/${fans})`,
  value: Math.sqrt(share / fans)
});

export function fillNormal(values: Float32Array, draw: Draw, std: number): void {
  for (let i = 0; i < values.length; i++) values[i] = std * draw.normal();
}

/** Uniform in [−bound, bound). */
export function fillUniform(values: Float32Array, draw: Draw, bound: number): void {
  for (let i = 0; i < values.length; i++) values[i] = bound * (2 * draw.uniform() - 1);
}
