/**
 * Reads the golden reference values (format `nn-golden/1`, described in data/README.md) and compares results with them.
 *
 * Not a test itself: the suites of layers, losses, optimizers and backends call it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface GoldenTensor {
  readonly dtype: 'f32' | 'f64' | 'i32';
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array;
}
/** |got − expected| ≤ atol + rtol·|expected| for every element; int32 values are exact and have neither. */
export interface ExpectedTensor extends GoldenTensor {
  readonly atol?: number;
  readonly rtol?: number;
}
type Tensors = Readonly<Record<string, GoldenTensor>>;
type Expected = Readonly<Record<string, ExpectedTensor>>;

export interface GoldenCase {
  readonly name: string;
  readonly kind: string;
  readonly description: string;
  readonly source: string;
  /** Hyperparameters; what there is depends on the kind. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: Tensors;
  /** Optimizer cases take their inputs from `GoldenFile.problems`. */
  readonly inputs_from?: { readonly problem: string };
  readonly expected: Expected;
  readonly alternatives?: Readonly<Record<string, { description: string; expected: Expected }>>;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly notes?: readonly string[];
}

export interface GoldenFile {
  readonly format: 'nn-golden/1';
  readonly file: string;
  readonly cases: readonly GoldenCase[];
  /** Only in `train_data`: images, labels and the batch order. */
  readonly data?: Tensors;
  /** Only in `optimizers`: inputs and facts of each problem. */
  readonly problems?: Readonly<Record<string, unknown>>;
}

export const goldenCopy = fileURLToPath(new URL('data/', import.meta.url));

/** GOLDEN_DIR, else the copy that the project keeps. */
export const goldenDirectory = (): string => process.env.GOLDEN_DIR ?? goldenCopy;

/** `readGolden('losses')`: the file with every tensor as a typed array. */
export function readGolden(name: string, directory = goldenDirectory()): GoldenFile {
  const text = readFileSync(join(directory, `${name}.json`), 'utf8');
  return JSON.parse(text, (_key, value: unknown) => (isTensor(value) ? typed(value) : value)) as GoldenFile;
}

/** The cases of one kind. Throws when there is none, so that a suite cannot pass by testing nothing. */
export function goldenCases(name: string, kind: string): GoldenCase[] {
  const cases = readGolden(name).cases.filter((one) => one.kind === kind);
  if (cases.length === 0) throw new Error(`${name}.json has no case of kind “${kind}”.`);
  return cases;
}

export interface Comparison {
  /** Largest |got − expected| / (atol + rtol·|expected|); infinite where a value is not a number or an exact one differs. */
  readonly worst: number;
  /** Where the worst is. */
  readonly at: number;
  readonly passed: boolean;
}

/** Throws when the lengths differ. */
export function compare(got: ArrayLike<number>, expected: ExpectedTensor): Comparison {
  const { data, atol = 0, rtol = 0 } = expected;
  if (got.length !== data.length) throw new Error(`${got.length} values compared with ${data.length} expected ones.`);
  let worst = 0;
  let at = 0;
  for (let i = 0; i < data.length; i++) {
    const difference = Math.abs(got[i]! - data[i]!);
    const ratio = difference === 0 ? 0 : difference / (atol + rtol * Math.abs(data[i]!));
    if (ratio > worst || Number.isNaN(ratio)) [worst, at] = [Number.isNaN(ratio) ? Infinity : ratio, i];
  }
  return { worst, at, passed: worst <= 1 };
}

type RawTensor = { dtype: GoldenTensor['dtype']; shape: number[]; data: number[] };
const isTensor = (value: unknown): value is RawTensor =>
  typeof value === 'object' && value !== null && 'dtype' in value;
const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array };
const typed = (raw: RawTensor) => ({ ...raw, data: arrays[raw.dtype].from(raw.data) });
