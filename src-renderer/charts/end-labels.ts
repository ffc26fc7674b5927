/** Places labels below each other: as near as can be to where they belong, at least `gap` apart, between `low` and `high`. */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = new Array<number>(wanted.length);
  let floor = low;
  for (const index of order) floor = (placed[index] = Math.max(wanted[index]!, floor)) + gap;
  let ceiling = high;
  for (const index of order.reverse()) ceiling = (placed[index] = Math.min(placed[index]!, ceiling)) - gap;
  return placed;
}
