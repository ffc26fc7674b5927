/** Every backend that runs in Node, for suites that must hold on all of them. */
import type { Backend, BackendHost } from '../../src-worker/backends/backend.ts';
import { gpujsCpu } from '../../src-worker/backends/gpujs/gpujs.ts';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import { wasmBackend } from '../../src-worker/backends/wasm/wasm.ts';

export const nodeBackends: readonly (readonly [title: string, backend: Backend])[] = [
  ['reference', referenceBackend()],
  ['wasm (SIMD)', wasmBackend({ variant: 'simd' })],
  ['wasm (relaxed SIMD)', wasmBackend({ variant: 'relaxed' })],
  ['gpujs-cpu', gpujsCpu]
];

/** One thread. */
export const plainHost: BackendHost = {
  cores: 1,
  sharedMemory: true,
  nowMs: () => performance.now(),
  startHelper: () => {
    throw new Error('One thread was asked for.');
  }
};
