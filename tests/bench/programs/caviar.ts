/**
 * Caviar's wasm backend, in the best build for this engine or, with the argument `simd`, in that without fused multiply-add. Fetching and normalizing the examples
 * of a batch is part of its step.
 */
import { wasmBackend } from '../../../src-worker/backends/wasm/wasm.ts';
import { prepareContender } from '../../../src-worker/tasks/bench/contender.ts';
import { nodeHost } from '../../support/node-host.ts';
import { Cannot, serve } from '../protocol.ts';

const variant = process.argv[2] as 'simd' | undefined;
const backend = wasmBackend({ variant: variant ?? 'auto' });

await serve(variant ? 'Caviar without fused multiply-add' : 'Caviar', async ({ workload, threads }, optimizer) => {
  const host = { ...nodeHost(threads), progress: () => undefined };
  const { identity, turn } = await prepareContender({ workload, optimizer, backend, threads }, host);
  if (identity.threads < threads) throw new Cannot(`${workload.name} has work for ${identity.threads} thread only`);
  return { detail: identity.detail, turn: async (milliseconds) => (await turn(milliseconds)).steps };
});
process.exit(); // Its helper threads wait for work for ever.
