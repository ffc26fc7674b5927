/** Rows of a table by number, and their gradients. */
import { copyColumns } from './columns';

/** The row that an id means: rounded, held within the table; what is no number counts as 0. */
function rowOf(id: f32, entries: i32): usize {
  const row = Math.floor(<f64>id + 0.5);
  return row > 0 ? <usize>min<f64>(row, <f64>(entries - 1)) : 0;
}

/** y[t] = table[ids[t]]. Shapes: ids (count), table (entries, width), y (count, width). */
export function gatherRows(count: i32, entries: i32, width: i32, ids: usize, table: usize, y: usize): void {
  const row = (<usize>width) << 2;
  for (let t = 0; t < count; t++) {
    copyColumns(1, width, table + rowOf(load<f32>(ids), entries) * row, row, y, row, 0);
    ids += 4;
    y += row;
  }
}

/** dtable[ids[t]] += dy[t], in the order of t; what was there counts only where `add`. Shapes as in `gatherRows`. */
export function scatterRows(
  count: i32,
  entries: i32,
  width: i32,
  ids: usize,
  dy: usize,
  dtable: usize,
  add: i32
): void {
  const row = (<usize>width) << 2;
  if (!add) memory.fill(dtable, 0, <usize>entries * row);
  for (let t = 0; t < count; t++) {
    copyColumns(1, width, dy, row, dtable + rowOf(load<f32>(ids), entries) * row, row, 1);
    ids += 4;
    dy += row;
  }
}
