import { number } from '../contract/fields.ts';
import { defineInitializer, type Draw } from './initializer.ts';

/**
 * Orthogonal: W as a matrix (all axes but the last, last) has orthonormal columns, or rows where it is wider than high, times the gain.
 * A deep linear net then neither shrinks nor stretches what goes through it.
 *
 * Source: Saxe, McClelland & Ganguli 2014, arXiv:1312.6120, section 3.
 */
export const orthogonal = defineInitializer({
  kind: 'orthogonal',
  help: 'Orthonormal columns or rows',
  config: { gain: number(1, 'Factor on all weights', { min: 0, max: 100 }) },
  fill(values, draw, { gain }) {
    const columns = draw.fanOut;
    const rows = values.length / columns;
    const vectors = orthonormal(Math.min(rows, columns), Math.max(rows, columns), draw);
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++)
        values[r * columns + c] = gain * (rows >= columns ? vectors[c]![r]! : vectors[r]![c]!);
  }
});

/** `count` ≤ `length` random vectors, each freed from its part along the earlier ones (modified Gram–Schmidt, twice, in float64). */
function orthonormal(count: number, length: number, draw: Draw): Float64Array[] {
  const vectors: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const vector = Float64Array.from({ length }, () => draw.normal());
    for (let pass = 0; pass < 2; pass++)
      for (const other of vectors) {
        const along = dot(vector, other);
        for (let j = 0; j < length; j++) vector[j]! -= along * other[j]!;
      }
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  return vectors;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
