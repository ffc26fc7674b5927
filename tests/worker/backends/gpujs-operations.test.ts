/** The kernels of the GPU backends, run in JavaScript. tests/e2e/gpu-backends.spec.ts runs the same cases on GPUs. */
import { describe, expect, it } from 'vitest';
import { gpujsCpu } from '../../../src-worker/backends/gpujs/gpujs.ts';
import { gridCases } from './grid-cases.ts';
import { opCases, worstOf } from './op-cases.ts';

const grids = await gridCases();

describe('every operation agrees with plain loops', () => {
  it.each([...opCases(), ...grids])('$title', async (one) => {
    expect(worstOf(one, await gpujsCpu.run(one.program, one.inputs))).toBeLessThanOrEqual(1);
  });
});
