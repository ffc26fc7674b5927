import type { Backend } from './backend.ts';
import { gpujsCpu, webgl2, webgpu } from './gpujs/gpujs.ts';
import { reference } from './reference/reference.ts';
import { wasm } from './wasm/wasm.ts';

/** Fastest candidates first; the last two only when asked for. */
export const backends: readonly Backend[] = [wasm, webgpu, webgl2, gpujsCpu, reference];

/** Who takes over when a device is lost in the middle of a run, in this order. */
export const successors: readonly Backend[] = [webgpu, webgl2, wasm, reference];
