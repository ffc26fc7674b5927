/** Cards in line, and as far apart as each other. */
import type { Places, Sizes } from './arrange.ts';
import type { Point } from './sizes.ts';

export type Alignment = 'left' | 'centre' | 'distribute';

/** Where they go; those that stay are left out. */
export function aligned(ids: readonly string[], how: Alignment, places: Places, sizes: Sizes): Places {
  const rects = ids.flatMap((id) => {
    const [at, size] = [places.get(id), sizes.get(id)];
    return at && size ? [{ id, ...at, ...size }] : [];
  });
  const wanted = new Map<string, Point>();
  if (how === 'distribute') {
    const order = rects.toSorted((a, b) => a.y - b.y);
    const [first, last] = [order[0], order.at(-1)];
    if (!first || !last || order.length < 3) return wanted;
    const filled = order.reduce((sum, { height }) => sum + height, 0);
    const gap = (last.y + last.height - first.y - filled) / (order.length - 1);
    let top = first.y;
    for (const { id, x, height } of order) {
      wanted.set(id, { x, y: Math.round(top) });
      top += height + gap;
    }
  } else {
    const left = Math.min(...rects.map(({ x }) => x));
    const middle = (left + Math.max(...rects.map(({ x, width }) => x + width))) / 2;
    for (const { id, y, width } of rects)
      wanted.set(id, { x: how === 'left' ? left : Math.round(middle - width / 2), y });
  }
  return new Map([...wanted].filter(([id, { x, y }]) => places.get(id)!.x !== x || places.get(id)!.y !== y));
}
