/** What an optimizer is: its settings, its state and its update rule as one formula. */
import { number, type Fields, type Kinded } from '../contract/fields.ts';

export interface OptimizerDefinition {
  readonly kind: string;
  readonly help: string;
  /** Has `learningRate`; every setting is a number that the formula may use by name. */
  readonly config: Fields;
  /** Tensors kept from step to step, zero at first. */
  readonly state: readonly string[];
  /**
   * Reads `w`, `g` (the gradient), the states, the settings, `learningRate` (of this step) and `t` (the step, from 1); assigns `w`
   * and the states.
   */
  readonly update: string;
  /** More numbers that the formula uses, of step t; pure. */
  readonly perStep?: (t: number, settings: Kinded) => Readonly<Record<string, number>>;
}

export const learningRate = (standard: number) =>
  number(standard, 'Step size α', { min: 0, exclusiveMin: true, max: 1000, scale: 'log' });

/** A share of the past that is kept, as β of Adam. */
export const decay = (standard: number, help: string) => number(standard, help, { min: 0, max: 1, exclusiveMax: true });

/** ε, which keeps a division safe. */
export const epsilon = (standard: number) =>
  number(standard, 'Keeps the division safe, ε', { min: 0, exclusiveMin: true, max: 1, scale: 'log' });
