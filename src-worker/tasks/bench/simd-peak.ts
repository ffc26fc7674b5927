/** What the processor could do at most: multiply-adds on vectors that never leave the registers. */
import { assemble, op, unsigned, V128, I32, type Code } from '../../backends/wasm/assembler.ts';
import { bestVariant } from '../../backends/wasm/kernels.ts';

/** Independent sums, enough to hide the latency of two instructions in a row, few enough for 16 registers. */
const SUMS = 12;
/** Times the body of the loop is written out. */
const UNROLLED = 4;
const ITERATIONS = 4096;
/** Of one call: 4 lanes, a multiplication and an addition each. */
const OPERATIONS = ITERATIONS * UNROLLED * SUMS * 4 * 2;

const multiplyAdd: Code = [0xfd, ...unsigned(0x105)]; // f32x4.relaxed_madd

export interface SimdPeak {
  readonly instruction: string;
  /** GFLOP/s of this thread, measured for so long at least. */
  measure(milliseconds: number): number;
}

/** In the instructions of the kernels' build that this engine takes: fused multiply-add, or multiplication and addition. */
export function simdPeak(nowMs: () => number): SimdPeak {
  const isFused = bestVariant() === 'relaxed';
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536 });
  const module = new WebAssembly.Module(assemble([loopOf(isFused)], [], false));
  const run = new WebAssembly.Instance(module, { env: { memory } }).exports['peak'] as (n: number, to: number) => void;
  return {
    instruction: isFused ? 'fused multiply-add' : 'multiply and add',
    measure(milliseconds) {
      const startedMs = nowMs();
      for (let calls = 1; ; calls++) {
        run(ITERATIONS, 0);
        const elapsedMs = nowMs() - startedMs;
        if (elapsedMs >= milliseconds) return (calls * OPERATIONS) / elapsedMs / 1e6;
      }
    }
  };
}

/**
 * sum ← p·q + sum, fused; or sum ← sum·p + q: with two instructions a product that does not depend on the sum would be computed once
 * for all. Both stay finite (p = ½, q = 1). The sums are stored at the end, or the compiler would leave them out.
 */
function loopOf(isFused: boolean) {
  const [iterations, address, p, q, first] = [0, 1, 2, 3, 4];
  const sums = Array.from({ length: SUMS }, (_, i) => first + i);
  const add = (sum: number): Code =>
    isFused
      ? [...op.get(p), ...op.get(q), ...op.get(sum), ...multiplyAdd, ...op.set(sum)]
      : [...op.get(sum), ...op.get(p), ...op.multiply, ...op.get(q), ...op.add, ...op.set(sum)];
  const once = sums.flatMap(add);
  const count = [...op.get(iterations), ...op.i32(1), ...op.subI32, ...op.set(iterations), ...op.get(iterations)];
  const body = [
    ...[...op.f32(0.5), ...op.splat, ...op.set(p)],
    ...[...op.f32(1), ...op.splat, ...op.set(q)],
    ...op.loop([...Array.from({ length: UNROLLED }, () => once).flat(), ...count]),
    ...sums.flatMap((sum) => [...op.get(address), ...op.get(sum), ...op.store()])
  ];
  return { name: 'peak', parameters: [I32, I32], locals: [p, q, ...sums].map(() => V128), body };
}
