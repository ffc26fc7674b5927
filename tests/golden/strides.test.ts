/** Windows that stride differently down and across, against PyTorch (strides.json), by the layers' own settings on every backend. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gpujsCpu } from '../../src-worker/backends/gpujs/gpujs.ts';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import { wasmBackend } from '../../src-worker/backends/wasm/wasm.ts';
import { readGolden } from '../../src-worker/verify/golden.ts';
import { runCase } from '../../src-worker/verify/verify.ts';
import { plainHost } from '../support/backends.ts';

const file = readGolden('strides.json', readFileSync(new URL('strides.json', import.meta.url), 'utf8'));
const options = { host: plainHost, threads: 1, files: [file] };

describe.each([
  ['reference', referenceBackend()],
  ['wasm, simd', wasmBackend({ variant: 'simd' })],
  ['wasm, relaxed', wasmBackend({ variant: 'relaxed' })],
  ['gpujs-cpu', gpujsCpu]
])('%s', (_, backend) => {
  it.each(file.cases)('$name', async (one) => {
    expect(await runCase(file, one, { ...options, backend })).toMatchObject({ status: 'passed' });
  });
});

it('are not those of windows with one stride', async () => {
  for (const one of file.cases) {
    const [down] = one.params['stride'] as [number, number];
    const square = { ...one, params: { ...one.params, stride: down } };
    const result = await runCase(file, square, { ...options, backend: referenceBackend() });
    expect([one.name, result.status]).toEqual([one.name, 'failed']);
  }
});
