/** Columns of one matrix copied into, or added to, those of another. Nothing beside them is written. */

/** y[i, j] = x[i, j], or added to it where `add`; rows of x are `rowX` bytes apart, those of y `rowY`. Shapes: (rows, columns). */
export function copyColumns(rows: i32, columns: i32, x: usize, rowX: usize, y: usize, rowY: usize, add: i32): void {
  const whole = (<usize>(columns & ~3)) << 2;
  const all = (<usize>columns) << 2;
  for (let i = 0; i < rows; i++) {
    let j: usize = 0;
    for (; j < whole; j += 16) {
      const value = v128.load(x + j);
      v128.store(y + j, add ? f32x4.add(v128.load(y + j), value) : value);
    }
    for (; j < all; j += 4) {
      const value = load<f32>(x + j);
      store<f32>(y + j, add ? load<f32>(y + j) + value : value);
    }
    x += rowX;
    y += rowY;
  }
}
