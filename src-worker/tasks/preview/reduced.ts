import type { Preview } from '../../contract/preview.ts';
import type { Shape } from '../../plan/program.ts';

const CHANNELS = 8;
const PIXELS = 16;
const BARS = 64;

/** The first example of a layer's output, small enough for its card. An image becomes its first channels, a sequence one map, a row bars. */
export function reduced(values: ArrayLike<number>, shape: Shape): Preview {
  if (shape.length === 1) return { type: 'bars', values: barsOf(values, shape[0]!) };
  const [height, width, channels] = shape.length === 3 ? shape : [shape[0]!, shape[1]!, 1];
  const factor = Math.max(1, Math.ceil(Math.max(height!, width!) / PIXELS));
  const size = { height: Math.ceil(height! / factor), width: Math.ceil(width! / factor) };
  const count = Math.min(channels!, CHANNELS);
  const means = Array.from({ length: count }, (_, channel) =>
    meansOf((row, column) => values[(row * width! + column) * channels! + channel]!, [height!, width!], factor, size)
  );
  return { type: 'maps', ...size, maps: opacitiesOf(means) };
}

/** Means of squares of `factor` × `factor` pixels, of what is left of them at the border. */
function meansOf(
  at: (row: number, column: number) => number,
  [rows, columns]: readonly [number, number],
  factor: number,
  { height, width }: { height: number; width: number }
): Float32Array {
  const means = new Float32Array(height * width);
  for (let r = 0; r < height; r++)
    for (let c = 0; c < width; c++) {
      let [sum, count] = [0, 0];
      for (let i = r * factor; i < Math.min(rows, (r + 1) * factor); i++)
        for (let j = c * factor; j < Math.min(columns, (c + 1) * factor); j++, count++) sum += at(i, j);
      means[r * width + c] = sum / count;
    }
  return means;
}

/** From the least value of all maps to the greatest, so that channels can be compared; nothing where all are alike or not finite. */
function opacitiesOf(maps: readonly Float32Array[]): Uint8ClampedArray[] {
  let [low, high] = [Infinity, -Infinity];
  for (const map of maps) for (const value of map) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const scale = 255 / (high - low);
  return maps.map((map) =>
    Uint8ClampedArray.from(map, (value) => (Number.isFinite(scale) ? (value - low) * scale : 0))
  );
}

/** Of more values than there is room for, the one of its neighbours that is farthest from 0. */
function barsOf(values: ArrayLike<number>, length: number): Float32Array {
  const count = Math.min(length, BARS);
  return Float32Array.from({ length: count }, (_, i) => {
    let top = 0;
    for (let j = Math.floor((i * length) / count); j < Math.floor(((i + 1) * length) / count); j++)
      if (Math.abs(values[j]!) > Math.abs(top)) top = values[j]!;
    return top;
  });
}
