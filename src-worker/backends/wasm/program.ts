/** A program by itself, outside of any engine: every tensor in a place of its own, so that all can be looked at behind a run. */
import { sizeOf, type Program, type Tensor } from '../../plan/program.ts';
import { compileFormulas } from './emit-map.ts';
import { bestVariant, loadKernels, type Variant } from './kernels.ts';
import { scratchFor, takeMemory } from './layout.ts';
import { callAll, callOf } from './steps.ts';

export interface CompiledProgram {
  /** The tensor itself: what is written there the next run reads. */
  values(tensor: Tensor): Float32Array | Int32Array;
  /** All rows as one range; as often as is wanted. */
  run(): void;
}

const FIRST = 1 << 16;
/** Kernels may read or write vectors that begin before the end of a tensor. */
const SLACK = 64;

/** Throws: `out_of_memory`. */
export function compileProgram(
  { batchSize, tensors, ops }: Program,
  variant: Variant = bestVariant()
): CompiledProgram {
  const lengthOf = ({ shape, perExample }: Tensor) => sizeOf(shape) * (perExample ? batchSize : 1);
  let end = FIRST;
  const take = (bytes: number) => {
    const at = end;
    end += Math.ceil((bytes + SLACK) / 128) * 128;
    return at;
  };
  const scratch = take(scratchFor(ops));
  const addresses = tensors.map((tensor) => take(lengthOf(tensor) * 4));
  const memory = takeMemory(end, false);
  const kernels = loadKernels(memory, variant, false);
  const context = {
    kernels,
    address: (tensor: Tensor) => addresses[tensor.id]!,
    range: { first: 0, count: batchSize },
    scratch,
    loops: compileFormulas(ops, kernels, memory, false)
  };
  const calls = ops.map((op) => callOf(op, context));
  return {
    values: (tensor) =>
      new (tensor.type === 'i32' ? Int32Array : Float32Array)(memory.buffer, addresses[tensor.id], lengthOf(tensor)),
    run: () => callAll(calls)
  };
}
