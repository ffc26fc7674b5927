import { LabError } from '../../contract/errors.ts';
import { sizeOf, type Tensor } from '../../plan/program.ts';
import type { Handle } from './library.ts';

/** On the GPU every tensor is a matrix, indexed in two dimensions. */
export interface Extent {
  readonly rows: number;
  readonly columns: number;
}

/** The plane of the step that is traced; `step` is then the kernel's last argument. */
export const STEP_PLANE = '[step]';
/** The plane of the element that the kernel computes. */
export const OWN_PLANE = '[this.thread.z]';

/** A tensor's contents while a pipeline is traced. */
export interface Value extends Extent {
  readonly handle: Handle;
  /** Which plane of the handle it is, as source text; `''` where there is only one, and the handle is a matrix. */
  readonly plane: '' | `[${number}]` | typeof STEP_PLANE | typeof OWN_PLANE;
}

/** Index arithmetic of shaders is in float32 here and there: exact below this. */
const MAX_ELEMENTS = 2 ** 24;

/** A per-example tensor has one row an example; a parameter keeps its last axis as columns. */
export function extentOf({ shape, perExample }: Tensor, batchSize: number): Extent {
  const size = sizeOf(shape);
  if (perExample) return { rows: batchSize, columns: size };
  const columns = shape.at(-1) ?? 1;
  return { rows: size / columns, columns };
}

/** Throws: `backend_unavailable` when a buffer is too large to be indexed on every GPU. */
export function checkElements(name: string, elements: number): void {
  if (elements < MAX_ELEMENTS) return;
  throw new LabError(
    'backend_unavailable',
    `“${name}” has ${elements} values, but a GPU buffer holds fewer than ${MAX_ELEMENTS}. Make the layer or the batch smaller, or train on wasm.`,
    { tensor: name, elements, limit: MAX_ELEMENTS }
  );
}
