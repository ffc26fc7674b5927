/** What runs a case: its surroundings, its answer, and how it reads what it is given. */
import type { Backend, BackendHost } from '../../backends/backend.ts';
import type { GoldenCase, GoldenFile, GoldenTensor } from '../golden.ts';

export interface Surroundings {
  readonly backend: Backend;
  readonly host: BackendHost;
  /** Compute threads of engines. */
  readonly threads: number;
  /** The whole set: some cases take their inputs from elsewhere in it. */
  readonly files: readonly GoldenFile[];
}

export interface Answer {
  /** By the names of `expected`. More than what is expected does no harm; less is a failure. */
  readonly outputs: Readonly<Record<string, ArrayLike<number>>>;
  /** Numbers that must stay below a limit. */
  readonly limits?: readonly Limit[];
}
export interface Limit {
  readonly name: string;
  readonly value: number;
  readonly below: number;
}

export type Runner = (one: GoldenCase, on: Surroundings) => Answer | Promise<Answer>;

/** What we do not offer, in a sentence: such a case is neither passed nor failed. */
export class Unsupported extends Error {}

export function input({ inputs }: Pick<GoldenCase, 'inputs'>, name: string): GoldenTensor {
  const found = inputs[name];
  if (!found) throw new Error(`The case has no input “${name}”, only ${Object.keys(inputs).join(', ') || 'none'}`);
  return found;
}

/** A number of `params`, under the first of its names that is there. Throws where there is none and no `standard`. */
export function param({ params }: GoldenCase, names: string | readonly string[], standard?: number): number {
  const all = [names].flat();
  const name = all.find((known) => known in params) ?? all[0]!;
  const value = name in params ? params[name] : standard;
  if (typeof value !== 'number') throw new Error(`params.${name} should be a number, but is ${JSON.stringify(value)}`);
  return value;
}

export function textParam({ params }: GoldenCase, name: string): string {
  const value = params[name];
  if (typeof value !== 'string') throw new Error(`params.${name} should be text, but is ${JSON.stringify(value)}`);
  return value;
}

export function listParam<T>({ params }: GoldenCase, name: string): readonly T[] {
  const value = params[name];
  if (!Array.isArray(value)) throw new Error(`params.${name} should be a list, but is ${JSON.stringify(value)}`);
  return value as T[];
}

type Found = Readonly<Record<string, ArrayLike<number> | undefined>>;

/** What a case gives and what was computed, without what there is not: a case without `dy` asks for the forward pass alone. */
export const present = (of: Found): Record<string, ArrayLike<number>> =>
  Object.fromEntries(
    Object.entries(of).filter((entry): entry is [string, ArrayLike<number>] => entry[1] !== undefined)
  );

/** Of the output: `dy` has its shape, and so has `y`. */
export function outputShape({ inputs, expected }: GoldenCase): readonly number[] {
  const shape = (inputs['dy'] ?? expected['y'])?.shape;
  if (!shape) throw new Error('The case has neither the input “dy” nor the expected “y”');
  return shape;
}

/** Shapes of a batch: the first axis counts examples; a tensor of one axis is a single row. */
export function batchOf({ shape }: Pick<GoldenTensor, 'shape'>): { batchSize: number; example: readonly number[] } {
  if (shape.length < 2) return { batchSize: 1, example: shape.length === 0 ? [1] : shape };
  return { batchSize: shape[0]!, example: shape.slice(1) };
}
