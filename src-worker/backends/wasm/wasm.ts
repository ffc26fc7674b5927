/** The wasm backend: our own SIMD kernels over one linear memory, with as many threads as the plan has shards and the machine cores. */
import { tensorsOf, type Program, type Tensor } from '../../plan/program.ts';
import type { Backend } from '../backend.ts';
import { prepareEngine } from './engine.ts';
import { bestVariant, type Variant } from './kernels.ts';
import { compileProgram } from './program.ts';

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

function runOnce(
  program: Program,
  inputs: ReadonlyMap<Tensor, ArrayLike<number>>,
  variant: Variant
): Map<Tensor, Float32Array> {
  const { values, run } = compileProgram(program, variant);
  for (const [tensor, given] of inputs) values(tensor).set(given);
  run();
  const written = new Set(program.ops.flatMap((op) => tensorsOf(op).writes));
  return new Map([...written].map((tensor) => [tensor, Float32Array.from(values(tensor))]));
}
