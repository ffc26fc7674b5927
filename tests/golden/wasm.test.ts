/** Both builds of the wasm backend against PyTorch; on two threads what an engine computes, with batches cut in two. */
import { wasmBackend } from '../../src-worker/backends/wasm/wasm.ts';
import { nodeHost } from '../support/node-host.ts';
import type { Listed } from './read.ts';
import { runAll } from './run-all.ts';

/** Each starts a thread of its own, so of the optimizers only the runs of a network. */
const isShared = ({ one }: Listed) =>
  ['train', 'batchnorm_train', 'batchnorm_running'].includes(one.kind) || one.params['problem'] === 'mlp';

for (const variant of ['simd', 'relaxed'] as const) {
  runAll(`wasm, ${variant}`, { backend: wasmBackend({ variant }) });
  runAll(`wasm, ${variant}, 2 threads`, {
    backend: wasmBackend({ variant }),
    host: nodeHost(2),
    threads: 2,
    only: isShared
  });
}
