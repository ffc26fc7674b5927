/** What the lab knows of a dataset, and the one binary form in which a dataset travels from datasets/ to a worker. */
import { z } from 'zod';
import { LabError } from './errors.ts';

/** A label is one byte. */
export const MAX_CLASSES = 256;

export const datasetInfoSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    origin: z.enum(['embedded', 'system', 'user', 'generated']),
    /** Shape of one example: [height, width, channels] or [columns]. */
    shape: z.array(z.int().min(1)).min(1),
    /** Names of the input columns of a table. */
    columns: z.array(z.string()).optional(),
    /** Class names, in the order of the labels; empty when the examples belong to no class. */
    classes: z.array(z.string()).max(MAX_CLASSES),
    /** Target columns of numbers: one or more to regress on, or several yes/no labels (1 and 0), any of which may be missing. */
    values: z.array(z.object({ name: z.string(), kind: z.enum(['number', 'binary']) })).default([]),
    trainCount: z.int().min(1),
    testCount: z.int().min(0),
    /** `bytes`: pixel values 0…255, read as 0…1. `floats`: numbers as they are. */
    encoding: z.enum(['bytes', 'floats']),
    license: z.string(),
    source: z.string()
  })
  .refine(({ classes, values }) => classes.length !== 1 && classes.length + values.length > 0, {
    path: ['classes'],
    message: 'A dataset has a target: at least two classes, or no classes and at least one column of values.'
  });
export type DatasetInfo = z.infer<typeof datasetInfoSchema>;

/** A whole dataset in memory. Training examples come first, the test set behind them. */
export interface Dataset {
  info: DatasetInfo;
  /** (trainCount + testCount) examples one after another, row-major, images as [height, width, channels]. */
  examples: Uint8Array | Float32Array;
  /** One class number per example, 0 where there are no classes. */
  labels: Uint8Array;
  /** Shape (trainCount + testCount, info.values.length), row-major; NaN: missing. */
  values: Float32Array;
}

const MAGIC = 0x52564143; // "CAVR", little-endian
/** No bit operations, which end at 2³¹. */
const align = (at: number) => Math.ceil(at / 64) * 64;

/**
 * Layout: magic u32, header length u32, header JSON, then (each 64-byte aligned) the examples, the labels and, where there are any,
 * the values. Numbers are little-endian.
 */
export function encodeDataset({ info, examples, labels, values }: Dataset): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(JSON.stringify(info));
  const examplesAt = align(8 + header.length);
  const labelsAt = align(examplesAt + examples.byteLength);
  const labelsEnd = labelsAt + labels.length;
  const valuesAt = values.length > 0 ? align(labelsEnd) : labelsEnd;
  const bytes = new Uint8Array(valuesAt + values.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, header.length, true);
  bytes.set(header, 8);
  bytes.set(bytesOf(examples), examplesAt);
  bytes.set(labels, labelsAt);
  bytes.set(bytesOf(values), valuesAt);
  return bytes;
}

/** Where each part of the binary form begins, in bytes, and where the whole ends. */
export interface DatasetLayout {
  readonly info: DatasetInfo;
  readonly examplesAt: number;
  readonly labelsAt: number;
  readonly valuesAt: number;
  readonly end: number;
}

/** How many bytes lead up to the examples, from the first eight. Throws: `bad_dataset` when they do not begin a dataset. */
export function datasetHeadBytes(start: Uint8Array): number {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  if (start.length < 8 || view.getUint32(0, true) !== MAGIC)
    throw new LabError('bad_dataset', 'These bytes are not a Caviar dataset: the first four are not “CAVR”.');
  return 8 + view.getUint32(4, true);
}

/**
 * Reads the description that a dataset of `size` bytes begins with; `head` are its first `datasetHeadBytes`, or more.
 * Throws: `bad_dataset` when description and size do not go together.
 */
export function readDatasetHead(head: Uint8Array, size: number): DatasetLayout {
  const headBytes = datasetHeadBytes(head);
  if (headBytes > Math.min(head.length, size)) throw truncated(headBytes, size);
  const info = parseInfo(head.slice(8, headBytes)); // A copy: TextDecoder refuses shared memory.
  const count = info.trainCount + info.testCount;
  const inputs = count * info.shape.reduce((a, b) => a * b, 1);
  const targets = count * info.values.length;
  const examplesAt = align(headBytes);
  const labelsAt = align(examplesAt + inputs * (info.encoding === 'bytes' ? 1 : 4));
  const valuesAt = targets > 0 ? align(labelsAt + count) : labelsAt + count;
  const end = valuesAt + 4 * targets;
  if (end !== size) throw truncated(end, size);
  return { info, examplesAt, labelsAt, valuesAt, end };
}

/** Views into `buffer`, nothing is copied. Throws: `bad_dataset` when the buffer is not a whole dataset. */
export function decodeDataset(buffer: ArrayBufferLike): Dataset {
  const layout = readDatasetHead(new Uint8Array(buffer), buffer.byteLength);
  const { info, examplesAt, labelsAt, valuesAt } = layout;
  const count = info.trainCount + info.testCount;
  const inputs = count * info.shape.reduce((a, b) => a * b, 1);
  const targets = count * info.values.length;
  const examples =
    info.encoding === 'bytes'
      ? new Uint8Array(buffer, examplesAt, inputs)
      : new Float32Array(buffer, examplesAt, inputs);
  const labels = new Uint8Array(buffer, labelsAt, count);
  const values = targets > 0 ? new Float32Array(buffer, valuesAt, targets) : new Float32Array();
  return { info, examples, labels, values };
}

function parseInfo(json: Uint8Array): DatasetInfo {
  try {
    return datasetInfoSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)));
  } catch (error) {
    const { message } = error as Error;
    throw new LabError('bad_dataset', `The description at the head of the dataset is damaged: ${message}.`, {});
  }
}

const bytesOf = (array: Uint8Array | Float32Array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const truncated = (expected: number, found: number) =>
  new LabError('bad_dataset', `The dataset should have ${expected} bytes but has ${found}. Load it again.`, {
    expected,
    found
  });
