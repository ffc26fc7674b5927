/** Examples as they are stored → input rows: x[i] = stored[i] · scale[i] + shift[i]. Rows follow one another without gaps. */

/** Shapes: source (rows, columns) bytes; scale, shift (columns); x (rows, columns). */
export function unpackBytes(rows: i32, columns: i32, source: usize, scale: usize, shift: usize, x: usize): void {
  const whole = columns & ~7;
  for (let r = 0; r < rows; r++) {
    let a = scale;
    let b = shift;
    for (let j = 0; j < whole; j += 8) {
      const words = v128.load_ext<u8>(source);
      const low = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words));
      const high = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words));
      v128.store(x, f32x4.add(f32x4.mul(low, v128.load(a)), v128.load(b)));
      v128.store(x, f32x4.add(f32x4.mul(high, v128.load(a, 16)), v128.load(b, 16)), 16);
      source += 8;
      a += 32;
      b += 32;
      x += 32;
    }
    for (let j = whole; j < columns; j++) {
      store<f32>(x, <f32>load<u8>(source) * load<f32>(a) + load<f32>(b));
      source += 1;
      a += 4;
      b += 4;
      x += 4;
    }
  }
}

/** Shapes: source, x (rows, columns); scale, shift (columns). `source` and `x` may be the same. */
export function unpackFloats(rows: i32, columns: i32, source: usize, scale: usize, shift: usize, x: usize): void {
  const whole = columns & ~3;
  for (let r = 0; r < rows; r++) {
    let a = scale;
    let b = shift;
    for (let j = 0; j < whole; j += 4) {
      v128.store(x, f32x4.add(f32x4.mul(v128.load(source), v128.load(a)), v128.load(b)));
      source += 16;
      a += 16;
      b += 16;
      x += 16;
    }
    for (let j = whole; j < columns; j++) {
      store<f32>(x, load<f32>(source) * load<f32>(a) + load<f32>(b));
      source += 4;
      a += 4;
      b += 4;
      x += 4;
    }
  }
}
