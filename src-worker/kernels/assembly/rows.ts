/** Sums over the rows of a matrix, and rows added to all of them: what a bias needs beside the matrix product. */

/** y[j] = Σᵢ x[i, j], or added to y[j] where `add`. Shapes: x (rows, columns), y (columns). */
export function sumRows(rows: i32, columns: i32, x: usize, y: usize, add: i32): void {
  const row = (<usize>columns) << 2;
  let j = 0;
  for (; j + 16 <= columns; j += 16) {
    let p = x + ((<usize>j) << 2);
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let i = 0; i < rows; i++) {
      a = f32x4.add(a, v128.load(p));
      b = f32x4.add(b, v128.load(p, 16));
      c = f32x4.add(c, v128.load(p, 32));
      d = f32x4.add(d, v128.load(p, 48));
      p += row;
    }
    const q = y + ((<usize>j) << 2);
    if (add) {
      a = f32x4.add(v128.load(q), a);
      b = f32x4.add(v128.load(q, 16), b);
      c = f32x4.add(v128.load(q, 32), c);
      d = f32x4.add(v128.load(q, 48), d);
    }
    v128.store(q, a);
    v128.store(q, b, 16);
    v128.store(q, c, 32);
    v128.store(q, d, 48);
  }
  for (; j + 4 <= columns; j += 4) {
    let p = x + ((<usize>j) << 2);
    let a = f32x4.splat(0);
    for (let i = 0; i < rows; i++) {
      a = f32x4.add(a, v128.load(p));
      p += row;
    }
    const q = y + ((<usize>j) << 2);
    v128.store(q, add ? f32x4.add(v128.load(q), a) : a);
  }
  for (; j < columns; j++) {
    let p = x + ((<usize>j) << 2);
    let a: f32 = 0;
    for (let i = 0; i < rows; i++) {
      a += load<f32>(p);
      p += row;
    }
    const q = y + ((<usize>j) << 2);
    store<f32>(q, add ? load<f32>(q) + a : a);
  }
}

/** y[i, j] += row[j]. Shapes: row (columns), y (rows, columns). */
export function addRow(rows: i32, columns: i32, row: usize, y: usize): void {
  const whole = columns & ~3;
  for (let i = 0; i < rows; i++) {
    let p = row;
    for (let j = 0; j < whole; j += 4) {
      v128.store(y, f32x4.add(v128.load(y), v128.load(p)));
      p += 16;
      y += 16;
    }
    for (let j = whole; j < columns; j++) {
      store<f32>(y, load<f32>(y) + load<f32>(p));
      p += 4;
      y += 4;
    }
  }
}
