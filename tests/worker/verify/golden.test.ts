import { describe, expect, it } from 'vitest';
import { readGolden } from '../../../src-worker/verify/golden.ts';

const tensor = { dtype: 'f32', shape: [2], data: [0.1, -1] };
const expected = { dtype: 'f64', shape: [], data: [3], atol: 0.5, rtol: 1e-5 };
const one = { name: 'a_case', kind: 'relu', params: {}, inputs: { x: tensor }, expected: { y: expected } };
const file = (changes: object) => JSON.stringify({ format: 'nn-golden/1', cases: [one], ...changes });
const withInput = (changes: object) => file({ cases: [{ ...one, inputs: { x: { ...tensor, ...changes } } }] });
const read = (text: string) => readGolden('set/relu.json', text);

describe('reading golden cases', () => {
  it('gives typed arrays, float32 numbers rounded to float32', () => {
    const [read1] = read(file({})).cases;
    expect(read1!.inputs['x']!.data).toEqual(Float32Array.of(0.1, -1));
    expect(read1!.expected['y']).toEqual({ ...expected, data: Float64Array.of(3) });
    expect(read(withInput({ dtype: 'i32', data: [4, -1] })).cases[0]!.inputs['x']!.data).toEqual(Int32Array.of(4, -1));
  });

  it('takes what is left out as nothing: parameters, inputs, tolerances', () => {
    const bare = { name: 'b', kind: 'k', expected: { n: { dtype: 'i32', shape: [1], data: [7] } } };
    expect(read(file({ cases: [bare] })).cases[0]).toMatchObject({
      params: {},
      inputs: {},
      expected: { n: { atol: 0, rtol: 0 } }
    });
  });

  it.each([
    ['no JSON', '{"format": ', /^set\/relu\.json is not JSON: /],
    ['another format', file({ format: 'nn-golden/2' }), /not of the format nn-golden\/1: format: /],
    ['no object', '[]', /not of the format nn-golden\/1: the whole file: /],
    ['no cases', file({ cases: undefined }), /: cases: /],
    ['a case without a kind', file({ cases: [{ ...one, kind: undefined }] }), /cases\.0 \(“a_case”\)\.kind: /],
    ['a case without a name', file({ cases: [one, { ...one, name: undefined }] }), /cases\.1\.name: /],
    [
      'too few numbers',
      withInput({ shape: [2, 3] }),
      /cases\.0 \(“a_case”\)\.inputs\.x: 2 numbers do not fill the shape 2×3/
    ],
    ['an unknown type', withInput({ dtype: 'f16' }), /inputs\.x\.dtype: /],
    ['words for numbers', withInput({ data: [1, 'two'] }), /inputs\.x\.data\.1: /],
    ['a negative length', withInput({ shape: [-2] }), /inputs\.x\.shape\.0: /]
  ])('refuses %s and says where', (_, text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'bad_golden_file' }));
    expect(() => read(text)).toThrow(message);
  });
});
