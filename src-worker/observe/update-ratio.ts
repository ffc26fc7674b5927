/**
 * How far an update moved the weights, by their size: ‖w − before‖ / ‖before‖, in float64. null where the weights were 0 or either is not
 * finite.
 */
export function updateRatio(w: Float32Array, before: Float32Array): number | null {
  let [moved, size] = [0, 0];
  for (let i = 0; i < w.length; i++) {
    moved += (w[i]! - before[i]!) ** 2;
    size += before[i]! ** 2;
  }
  const ratio = Math.sqrt(moved / size);
  return Number.isFinite(ratio) ? ratio : null;
}
