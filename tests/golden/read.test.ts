import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare, goldenCases, goldenCopy, goldenDirectory, readGolden, type ExpectedTensor } from './read.ts';

interface Index {
  files: { file: string; cases: number; bytes: number; sha256: string }[];
}
const indexOf = (directory: string) => JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8')) as Index;

describe.each([
  ['the copy in the project', goldenCopy],
  ['the set in use', goldenDirectory()]
])('%s', (_title, directory) => {
  it.each(indexOf(directory).files)(
    'has $file with its SHA-256 and its $cases cases',
    ({ file, cases, bytes, sha256 }) => {
      const content = readFileSync(join(directory, file));
      expect(content.length).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
      expect(readGolden(file.replace('.json', ''), directory).cases).toHaveLength(cases);
    }
  );
});

describe('reading', () => {
  it('gives float32 tensors whose numbers are those of the file', () => {
    const { inputs, expected } = readGolden('losses', goldenCopy).cases[0]!;
    expect(inputs.logits!.data).toBeInstanceOf(Float32Array);
    expect(inputs.logits!.shape).toEqual([6, 5]);
    expect(inputs.logits!.data[0]).toBe(Math.fround(2.7128));
    expect(inputs.labels!.data).toEqual(Int32Array.of(0, 2, 1, 0, 2, 2));
    expect(expected.loss!.data[0]).toBe(Math.fround(3.0892422));
    expect(expected.loss!.atol).toBe(4.5e-6);
  });

  it('refuses a kind that a file does not have', () => {
    expect(() => goldenCases('losses', 'nonsense')).toThrow('losses.json has no case of kind “nonsense”.');
  });
});

describe('comparing', () => {
  const expected: ExpectedTensor = {
    dtype: 'f64',
    shape: [3],
    data: Float64Array.of(0, 1, -100),
    atol: 0.01,
    rtol: 0.1
  };

  it('measures each difference in units of its own tolerance and reports the worst', () => {
    const { worst, at, passed } = compare([0.005, 1, -105.005], expected);
    expect(worst).toBeCloseTo(0.5, 12);
    expect([at, passed]).toEqual([0, true]);
    expect(compare([0, 1.22, -100], expected)).toMatchObject({ worst: expect.closeTo(2, 12), at: 1, passed: false });
  });

  it('accepts exactly the tolerance and nothing that is not a number', () => {
    expect(compare([0.01, 1, -100], expected)).toEqual({ worst: 1, at: 0, passed: true });
    expect(compare([0, NaN, -50], expected)).toEqual({ worst: Infinity, at: 1, passed: false });
  });

  it('takes int32 values as exact', () => {
    const exact: ExpectedTensor = { dtype: 'i32', shape: [2], data: Int32Array.of(0, 7) };
    expect(compare([0, 7], exact).passed).toBe(true);
    expect(compare([0, 8], exact)).toEqual({ worst: Infinity, at: 1, passed: false });
  });

  it('refuses a different number of values', () => {
    expect(() => compare([1], expected)).toThrow('1 values compared with 3 expected ones.');
  });
});
