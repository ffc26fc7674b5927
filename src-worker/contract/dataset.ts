/** What the lab knows of a dataset, and the one binary form in which a dataset travels from datasets/ to a worker. */
import { z } from 'zod';
import { LabError } from './errors.ts';

export const datasetInfoSchema = z.object({
  name: z.string(),
  title: z.string(),
  origin: z.enum(['embedded', 'system', 'user', 'generated']),
  /** Shape of one example: [height, width, channels] or [columns]. */
  shape: z.array(z.int().min(1)).min(1),
  /** Class names, in the order of the labels. */
  classes: z.array(z.string()).min(2),
  trainCount: z.int().min(1),
  testCount: z.int().min(0),
  /** `bytes`: pixel values 0…255, read as 0…1. `floats`: numbers as they are. */
  encoding: z.enum(['bytes', 'floats']),
  license: z.string(),
  source: z.string()
});
export type DatasetInfo = z.infer<typeof datasetInfoSchema>;

/** A whole dataset in memory. Training examples come first, the test set behind them. */
export interface Dataset {
  info: DatasetInfo;
  /** (trainCount + testCount) examples one after another, row-major, images as [height, width, channels]. */
  examples: Uint8Array | Float32Array;
  /** One class number per example. */
  labels: Uint8Array;
}

const MAGIC = 0x52564143; // "CAVR", little-endian
/** No bit operations, which end at 2³¹. */
const align = (at: number) => Math.ceil(at / 64) * 64;

/** Layout: magic u32, header length u32, header JSON, then (64-byte aligned) the examples and (aligned) the labels. */
export function encodeDataset({ info, examples, labels }: Dataset): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(JSON.stringify(info));
  const examplesAt = align(8 + header.length);
  const labelsAt = align(examplesAt + examples.byteLength);
  const bytes = new Uint8Array(labelsAt + labels.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, header.length, true);
  bytes.set(header, 8);
  bytes.set(new Uint8Array(examples.buffer, examples.byteOffset, examples.byteLength), examplesAt);
  bytes.set(labels, labelsAt);
  return bytes;
}

/** Views into `buffer`, nothing is copied. Throws: `bad_dataset` when the buffer is not a whole dataset. */
export function decodeDataset(buffer: ArrayBufferLike): Dataset {
  const view = new DataView(buffer);
  if (buffer.byteLength < 8 || view.getUint32(0, true) !== MAGIC)
    throw new LabError('bad_dataset', 'These bytes are not a Caviar dataset: the first four are not “CAVR”.');
  const headerLength = view.getUint32(4, true);
  if (8 + headerLength > buffer.byteLength) throw truncated(8 + headerLength, buffer.byteLength);
  // A copy: TextDecoder refuses shared memory.
  const info = datasetInfoSchema.parse(
    JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, headerLength).slice()))
  );
  const count = info.trainCount + info.testCount;
  const values = count * info.shape.reduce((a, b) => a * b, 1);
  const examplesAt = align(8 + headerLength);
  const labelsAt = align(examplesAt + values * (info.encoding === 'bytes' ? 1 : 4));
  if (labelsAt + count !== buffer.byteLength) throw truncated(labelsAt + count, buffer.byteLength);
  const examples =
    info.encoding === 'bytes'
      ? new Uint8Array(buffer, examplesAt, values)
      : new Float32Array(buffer, examplesAt, values);
  return { info, examples, labels: new Uint8Array(buffer, labelsAt, count) };
}

const truncated = (expected: number, found: number) =>
  new LabError('bad_dataset', `The dataset should have ${expected} bytes but has ${found}. Load it again.`, {
    expected,
    found
  });
