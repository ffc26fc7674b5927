/** The kernels of gpu.js against PyTorch, on the processor. */
import { gpujsCpu } from '../../src-worker/backends/gpujs/gpujs.ts';
import { runAll } from './run-all.ts';

runAll('gpujs-cpu', { backend: gpujsCpu });
