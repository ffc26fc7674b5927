/** The wasm backend: our own SIMD kernels over one linear memory, with as many threads as the plan has shards and the machine cores. */
import { sizeOf, tensorsOf, type Program, type Tensor } from '../../plan/program.ts';
import type { Backend } from '../backend.ts';
import { compileFormulas } from './emit-map.ts';
import { prepareEngine } from './engine.ts';
import { bestVariant, loadKernels, type Variant } from './kernels.ts';
import { scratchFor, takeMemory } from './layout.ts';
import { callOf } from './steps.ts';

export function wasmBackend({ variant = 'auto' }: { variant?: Variant | 'auto' } = {}): Backend {
  const chosen = () => (variant === 'auto' ? bestVariant() : variant);
  return {
    name: 'wasm',
    unavailable: async () =>
      chosen() === 'relaxed' && bestVariant() !== 'relaxed' ? 'this engine has no relaxed SIMD' : null,
    prepare: (options) => prepareEngine(options, chosen()),
    run: async (program, inputs) => runOnce(program, inputs, chosen())
  };
}

export const wasm = wasmBackend();

/** All rows as one range, every tensor in a place of its own. */
function runOnce(
  program: Program,
  inputs: ReadonlyMap<Tensor, ArrayLike<number>>,
  variant: Variant
): Map<Tensor, Float32Array> {
  const { batchSize, tensors, ops } = program;
  const lengthOf = (tensor: Tensor) => sizeOf(tensor.shape) * (tensor.perExample ? batchSize : 1);
  let end = 1 << 16;
  const take = (bytes: number) => {
    const at = end;
    end += Math.ceil((bytes + 64) / 128) * 128;
    return at;
  };
  const scratch = take(scratchFor(ops));
  const addresses = tensors.map((tensor) => take(lengthOf(tensor) * 4));
  const memory = takeMemory(end, false);
  const kernels = loadKernels(memory, variant, false);
  const view = (tensor: Tensor) =>
    new (tensor.type === 'i32' ? Int32Array : Float32Array)(memory.buffer, addresses[tensor.id], lengthOf(tensor));
  for (const [tensor, values] of inputs) view(tensor).set(values);
  const context = {
    kernels,
    address: (tensor: Tensor) => addresses[tensor.id]!,
    range: { first: 0, count: batchSize },
    scratch,
    loops: compileFormulas(ops, kernels, memory, false)
  };
  for (const op of ops) callOf(op, context)();
  const written = new Set(ops.flatMap((op) => tensorsOf(op).writes));
  return new Map([...written].map((tensor) => [tensor, Float32Array.from(view(tensor))]));
}
