/**
 * Kernels as source text. gpu.js compiles the text it is given; a function passed to it would be read back after bundling, and one that
 * a minifier has touched computes something else without any error. So no kernel here is ever a function, no name is declared twice,
 * nothing is captured, and every loop has literal bounds.
 */
import { LabError } from '../../contract/errors.ts';
import type { Handle } from './library.ts';
import { STEP_PLANE, type Extent, type Value } from './value.ts';

/** Text that reads one element, as in `a[this.thread.y][k]`. */
export type Reader = (row: string, column: string) => string;

export interface KernelRule<Name extends string = string> {
  /** By argument name; what is null is not passed. */
  readonly reads: Readonly<Record<Name, Value | null>>;
  readonly output: Extent & { readonly planes?: number };
  /** The body uses `step`, the number of the step within the call. */
  readonly usesStep?: true;
  /** Statements that return the element at this.thread.z (plane), .y (row), .x (column). */
  body(read: Readonly<Record<Name, Reader>>): string;
}

export const ROW = 'this.thread.y';
export const COLUMN = 'this.thread.x';
export const PLANE = 'this.thread.z';

export const defineKernel = <Name extends string>(rule: KernelRule<Name>): KernelRule => rule as unknown as KernelRule;

/** WebGPU guarantees eight storage buffers a kernel; one is the output. */
export const MAX_ARRAYS = 7;

export interface KernelText {
  readonly source: string;
  /** In the order of the arguments. */
  readonly values: readonly Value[];
  /** The last argument is the number of the step. */
  readonly takesStep: boolean;
  readonly output: number[];
}

/** Values of one buffer are one argument, named like the first of them. */
export function kernelText({ reads, output, usesStep, body }: KernelRule): KernelText {
  const entries = Object.entries(reads).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  const buffers = new Map<Handle, readonly [name: string, value: Value]>();
  for (const entry of entries) if (!buffers.has(entry[1].handle)) buffers.set(entry[1].handle, entry);
  if (buffers.size > MAX_ARRAYS)
    throw new LabError(
      'internal',
      `A kernel takes at most ${MAX_ARRAYS} arrays, but this one reads ${entries.map(([name]) => name).join(', ')}.`
    );
  const takesStep = usesStep === true || entries.some(([, { plane }]) => plane === STEP_PLANE);
  const readers = entries.map(([name, { handle, plane }]): [string, Reader] => [
    name,
    (row, column) => `${buffers.get(handle)![0]}${plane}[${row}][${column}]`
  ]);
  const names = [...[...buffers.values()].map(([name]) => name), ...(takesStep ? ['step'] : [])];
  return {
    source: `function (${names.join(', ')}) {\n${body(Object.fromEntries(readers))}\n}`,
    values: [...buffers.values()].map(([, value]) => value),
    takesStep,
    output: [output.columns, output.rows, ...(output.planes ? [output.planes] : [])]
  };
}

/** A number as source text. Throws: `internal` for what no shader can write down. */
export function numberText(value: number): string {
  if (!Number.isFinite(Math.fround(value)))
    throw new LabError('internal', `${value} cannot be a constant of a kernel.`);
  return value < 0 ? `(-${-value})` : `${value}`;
}
