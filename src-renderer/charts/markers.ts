/** One marker shape per run colour, so that colour is never the only sign. */
import {
  symbol,
  symbolCircle,
  symbolDiamond2,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
  symbolCross
} from 'd3';

const shapes = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond2, symbolCross, symbolStar, symbolWye];

/** The outline of marker `index` around the origin. Units: `area` is in square pixels. */
export function markerPath(index: number, area = 30): string {
  return symbol(shapes[index % shapes.length], area)() ?? '';
}
