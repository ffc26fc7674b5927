/**
 * A series of numbers as a compressed blob: bytes per value (4 or 8), then the values' bytes, transposed and deflated.
 *
 * Transposed (all first bytes, then all second bytes, …; “byte stream split” in Apache Parquet): neighbouring losses share sign,
 * exponent and high mantissa bits, which then lie side by side. Values that float32 holds exactly take four bytes, so nothing is
 * ever rounded. null is kept as NaN, which no value is.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

export function encodeSeries(values: readonly (number | null)[]): Uint8Array {
  const numbers = values.map((value) => (value === null || !Number.isFinite(value) ? NaN : value));
  const isSingle = numbers.every((value) => Number.isNaN(value) || Math.fround(value) === value);
  const typed = isSingle ? Float32Array.from(numbers) : Float64Array.from(numbers);
  const width = typed.BYTES_PER_ELEMENT;
  const packed = deflateRawSync(transpose(new Uint8Array(typed.buffer), typed.length, width), { level: 6 });
  return Buffer.concat([Uint8Array.of(width), packed]);
}

export function decodeSeries(blob: Uint8Array): (number | null)[] {
  const width = blob[0] ?? 0;
  const planes = inflateRawSync(blob.subarray(1));
  const { buffer } = transpose(planes, width, planes.length / width);
  const typed = width === 4 ? new Float32Array(buffer) : new Float64Array(buffer);
  return Array.from(typed, (value) => (Number.isNaN(value) ? null : value));
}

/** Shapes: bytes (rows, columns) → (columns, rows). */
function transpose(bytes: Uint8Array, rows: number, columns: number): Uint8Array<ArrayBuffer> {
  const turned = new Uint8Array(bytes.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = bytes[row * columns + column]!;
  return turned;
}
