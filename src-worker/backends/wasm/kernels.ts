/** Loads the compiled kernels over a memory, in the variant that this engine can run. */
import { relaxed, simd } from '../../kernels/compiled.gen.ts';
import type { Kernels } from '../../kernels/signatures.ts';

export type Variant = 'simd' | 'relaxed';

/** A module that multiplies and adds in one instruction: `f32x4.relaxed_madd` of three zero vectors. */
const probe = (() => {
  const zero = [0x41, 0, 0xfd, 0x0f]; // i32.const 0, i8x16.splat
  const body = [0, ...zero, ...zero, ...zero, 0xfd, 0x85, 2, 0x0b];
  const type = [1, 5, 1, 0x60, 0, 1, 0x7b];
  const code = [10, body.length + 2, 1, body.length, ...body];
  return Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...type, 3, 2, 1, 0, ...code);
})();

/** Fused multiply-add where the engine has it. */
export const bestVariant = (): Variant => (WebAssembly.validate(probe) ? 'relaxed' : 'simd');

export function loadKernels(memory: WebAssembly.Memory, variant: Variant, shared: boolean): Kernels {
  const bytes = fromBase64(variant === 'relaxed' ? relaxed : simd);
  const module = new WebAssembly.Module(shared ? bytes : withPrivateMemory(bytes));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}

/** The bytes of base64 text; `atob` exists in pages, workers and Node. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Import of `env.memory`, kind memory, limits flag 3: shared, with a maximum. */
const sharedImport = [3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 3];

/** The same module for memory that is not shared: the flag of its import becomes 1. Where there is no SharedArrayBuffer. */
function withPrivateMemory(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = bytes.findIndex((_, i) => sharedImport.every((byte, j) => bytes[i + j] === byte));
  const copy = bytes.slice();
  copy[at + sharedImport.length - 1] = 1;
  return copy;
}
