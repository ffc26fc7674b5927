import { describe, expect, it } from 'vitest';
import { datasetInfoSchema, decodeDataset, encodeDataset, type Dataset } from '../../../src-worker/contract/dataset.ts';
import type { LabError } from '../../../src-worker/contract/errors.ts';
import { describedDatasets } from '../../support/datasets.ts';

const about = { ...describedDatasets[0]!, shape: [2], encoding: 'floats' as const, trainCount: 2, testCount: 1 };
const examples = Float32Array.of(1, 2, 3, 4, 5, 6);
const byClass: Dataset = {
  info: { ...about, classes: ['a', 'b'], values: [] },
  examples,
  labels: Uint8Array.of(0, 1, 1),
  values: new Float32Array()
};
const byValue: Dataset = {
  info: {
    ...about,
    columns: ['width', 'height'],
    classes: [],
    values: [
      { name: 'price', kind: 'number' },
      { name: 'is_new', kind: 'binary' }
    ]
  },
  examples,
  labels: new Uint8Array(3),
  values: Float32Array.of(10.5, 1, -2, NaN, 7, 0)
};

/** The form of a set with classes alone: magic, header length, header, examples at 64·n, labels at 64·n, nothing behind. */
function plainForm({ info, labels }: Dataset): Uint8Array {
  const header = Buffer.from(JSON.stringify(info));
  const examplesAt = Math.ceil((8 + header.length) / 64) * 64;
  const bytes = Buffer.alloc(examplesAt + 64 + labels.length);
  bytes.write('CAVR', 'latin1');
  bytes.writeUInt32LE(header.length, 4);
  header.copy(bytes, 8);
  examples.forEach((value, at) => bytes.writeFloatLE(value, examplesAt + 4 * at));
  bytes.set(labels, examplesAt + 64);
  return Uint8Array.from(bytes);
}

function refusal(buffer: ArrayBufferLike): LabError {
  try {
    decodeDataset(buffer);
  } catch (error) {
    return error as LabError;
  }
  throw new Error('nothing was refused');
}

describe('the binary form of a dataset', () => {
  it.each([
    ['classes', byClass],
    ['values, some missing', byValue],
    ['both', { ...byValue, info: { ...byValue.info, classes: ['a', 'b'] }, labels: Uint8Array.of(1, 0, 1) }]
  ])('brings back a set with %s', (_, dataset) => {
    expect(decodeDataset(encodeDataset(dataset).buffer)).toEqual(dataset);
  });

  it('has nothing behind the labels when there are no values', () => {
    expect(encodeDataset(byClass)).toEqual(plainForm(byClass));
  });

  it('is read from files whose header does not know of values', () => {
    const { values: _, ...info } = byClass.info;
    const old = plainForm({ ...byClass, info: info as Dataset['info'] });
    expect(decodeDataset(old.buffer)).toEqual(byClass);
  });

  it('is refused when values are cut off or something follows', () => {
    const bytes = encodeDataset(byValue);
    for (const length of [bytes.length - 1, bytes.length - 24, bytes.length + 1]) {
      const other = new Uint8Array(length);
      other.set(bytes.subarray(0, length));
      expect(refusal(other.buffer)).toMatchObject({
        code: 'bad_dataset',
        details: { expected: bytes.length, found: length }
      });
    }
  });
});

describe('the description of a dataset', () => {
  it.each([
    [[], []],
    [['only one'], []],
    [['only one'], byValue.info.values]
  ])('is refused without a target: classes %j, values %j', (classes, values) => {
    const { error } = datasetInfoSchema.safeParse({ ...about, classes, values });
    expect(error!.issues).toHaveLength(1);
    expect(error!.issues[0]).toMatchObject({ path: ['classes'], message: expect.stringContaining('has a target') });
  });
});
