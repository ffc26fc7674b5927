/** Where the plane stands when all of the network is on screen, clear of the tools and the overview that lie on it. */
import { overlaps, type Point, type Rect, type Size } from './sizes.ts';

export interface Viewport extends Point {
  readonly zoom: number;
}

export const [LEAST_ZOOM, MOST_ZOOM] = [0.1, 2];
/** The page's pixels left free; on the left stand the tools. */
const FREE = { left: 52, right: 28, top: 26, bottom: 26 };
/** The overview in the lower right corner, with its margin. */
export const OVERVIEW: Size = { width: 132, height: 92 };
export const MARGIN = 12;

/** `room` is the canvas, in the page's pixels; small networks are not enlarged. null: nothing to show, or nowhere. */
export function fitted(rects: readonly Rect[], room: Size, hasOverview: boolean): Viewport | null {
  if (rects.length === 0 || room.width === 0) return null;
  const whole = fittedIn(rects, room, FREE);
  if (!hasOverview) return whole;
  const overview = {
    x: room.width - MARGIN - OVERVIEW.width,
    y: room.height - MARGIN - OVERVIEW.height,
    ...OVERVIEW
  };
  const isHidden = rects.some((rect) => overlaps(onScreen(rect, whole), overview, MARGIN));
  return isHidden ? fittedIn(rects, room, { ...FREE, bottom: OVERVIEW.height + 2 * MARGIN }) : whole;
}

function fittedIn(rects: readonly Rect[], room: Size, free: typeof FREE): Viewport {
  const [left, top] = [Math.min(...rects.map(({ x }) => x)), Math.min(...rects.map(({ y }) => y))];
  const width = Math.max(...rects.map((rect) => rect.x + rect.width)) - left;
  const height = Math.max(...rects.map((rect) => rect.y + rect.height)) - top;
  const [across, down] = [room.width - free.left - free.right, room.height - free.top - free.bottom];
  const zoom = Math.max(LEAST_ZOOM, Math.min(1, across / width, down / height));
  return {
    x: free.left + (across - width * zoom) / 2 - left * zoom,
    y: free.top + (down - height * zoom) / 2 - top * zoom,
    zoom
  };
}

const onScreen = (rect: Rect, { x, y, zoom }: Viewport): Rect => ({
  x: rect.x * zoom + x,
  y: rect.y * zoom + y,
  width: rect.width * zoom,
  height: rect.height * zoom
});
