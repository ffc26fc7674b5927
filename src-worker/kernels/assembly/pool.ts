/**
 * Pooling of images [height, width, channels]: one number for every window and channel, four channels at a time.
 *
 * Letters: c channels, (kh, kw) window, (sh, sw) pixels from one to the next, `top` and `left` border, (rows, columns) windows over an image. Shapes: x, dx (images, h, w, c),
 * y, dy (images, rows, columns, c).
 */

// Flags; ../signatures.ts says the same.
const ACCUMULATE = 4;
const RELU = 16;

/** Four channels, or where fewer are left one, the other lanes 0. */
function loadLanes(p: usize, four: bool): v128 {
  return four ? v128.load(p) : v128.load32_zero(p);
}

function storeLanes(p: usize, value: v128, four: bool): void {
  if (four) v128.store(p, value);
  else v128.store32_lane(p, value, 0);
}

/** Windows of 2 × 2 side by side without a border, whole vectors of channels. */
function isPlain(
  h: i32,
  w: i32,
  c: i32,
  kh: i32,
  kw: i32,
  sh: i32,
  sw: i32,
  top: i32,
  left: i32,
  rows: i32,
  columns: i32
): bool {
  const isTwoByTwo = kh == 2 && kw == 2 && sh == 2 && sw == 2 && top == 0 && left == 0;
  return isTwoByTwo && 2 * rows <= h && 2 * columns <= w && (c & 3) == 0;
}

/** The largest value of each window; a NaN among them makes it NaN. −∞ for a window of border alone. */
export function maxPool(
  images: i32,
  h: i32,
  w: i32,
  c: i32,
  kh: i32,
  kw: i32,
  sh: i32,
  sw: i32,
  top: i32,
  left: i32,
  rows: i32,
  columns: i32,
  x: usize,
  y: usize
): void {
  if (isPlain(h, w, c, kh, kw, sh, sw, top, left, rows, columns)) {
    maxPool2(images, h, w, c, rows, columns, x, y);
    return;
  }
  const pixel = (<usize>c) << 2;
  const row = <usize>w * pixel;
  for (let b = 0; b < images; b++) {
    for (let r = 0; r < rows; r++) {
      const i0 = max(0, r * sh - top);
      const i1 = min(h, r * sh - top + kh);
      for (let s = 0; s < columns; s++) {
        const j0 = max(0, s * sw - left);
        const j1 = min(w, s * sw - left + kw);
        for (let e = 0; e < c;) {
          const four = e + 4 <= c;
          let best = f32x4.splat(-Infinity);
          for (let i = i0; i < i1; i++) {
            let p = x + <usize>i * row + <usize>j0 * pixel + ((<usize>e) << 2);
            for (let j = j0; j < j1; j++) {
              best = f32x4.max(best, loadLanes(p, four));
              p += pixel;
            }
          }
          storeLanes(y, best, four);
          y += four ? 16 : 4;
          e += four ? 4 : 1;
        }
      }
    }
    x += <usize>h * row;
  }
}

function maxPool2(images: i32, h: i32, w: i32, c: i32, rows: i32, columns: i32, x: usize, y: usize): void {
  const pixel = (<usize>c) << 2;
  const row = <usize>w * pixel;
  for (let b = 0; b < images; b++) {
    for (let r = 0; r < rows; r++) {
      let p = x + <usize>(b * h + 2 * r) * row;
      for (let s = 0; s < columns; s++) {
        for (const end = p + pixel; p < end; p += 16) {
          const upper = f32x4.max(v128.load(p), v128.load(p + pixel));
          const lower = f32x4.max(v128.load(p + row), v128.load(p + row + pixel));
          v128.store(y, f32x4.max(upper, lower));
          y += 16;
        }
        p += pixel;
      }
    }
  }
}

/**
 * dx = dy where x is the first of the window's values that equals y, row by row, summed over the windows; 0 elsewhere. Flags:
 * ACCUMULATE adds to dx; RELU passes back only what comes from values above 0, as the relu that made x would.
 */
export function maxPoolBack(
  images: i32,
  h: i32,
  w: i32,
  c: i32,
  kh: i32,
  kw: i32,
  sh: i32,
  sw: i32,
  top: i32,
  left: i32,
  rows: i32,
  columns: i32,
  x: usize,
  y: usize,
  dy: usize,
  dx: usize,
  flags: i32
): void {
  const pixel = (<usize>c) << 2;
  const row = <usize>w * pixel;
  const plain = isPlain(h, w, c, kh, kw, sh, sw, top, left, rows, columns);
  // Side by side the windows write every pixel, unless the image is larger.
  if (!(flags & ACCUMULATE) && !(plain && 2 * rows == h && 2 * columns == w))
    memory.fill(dx, 0, <usize>(images * h) * row);
  if (plain) {
    maxPool2Back(images, h, w, c, rows, columns, x, y, dy, dx, flags);
    return;
  }
  for (let b = 0; b < images; b++) {
    for (let r = 0; r < rows; r++) {
      const i0 = max(0, r * sh - top);
      const i1 = min(h, r * sh - top + kh);
      for (let s = 0; s < columns; s++) {
        const j0 = max(0, s * sw - left);
        const j1 = min(w, s * sw - left + kw);
        for (let e = 0; e < c;) {
          const four = e + 4 <= c;
          const best = loadLanes(y, four);
          const given = passed(loadLanes(dy, four), best, flags);
          let open = i32x4.splat(-1);
          for (let i = i0; i < i1; i++) {
            let at = <usize>i * row + <usize>j0 * pixel + ((<usize>e) << 2);
            for (let j = j0; j < j1; j++) {
              const wins = v128.and(open, f32x4.eq(loadLanes(x + at, four), best));
              storeLanes(dx + at, f32x4.add(loadLanes(dx + at, four), v128.and(wins, given)), four);
              open = v128.andnot(open, wins);
              at += pixel;
            }
          }
          const step: usize = four ? 16 : 4;
          y += step;
          dy += step;
          e += four ? 4 : 1;
        }
      }
    }
    x += <usize>h * row;
    dx += <usize>h * row;
  }
}

/** dy, or with RELU 0 where y is not above 0. */
function passed(dy: v128, y: v128, flags: i32): v128 {
  return flags & RELU ? v128.and(dy, f32x4.gt(y, f32x4.splat(0))) : dy;
}

function put(p: usize, value: v128, add: i32): void {
  v128.store(p, add ? f32x4.add(v128.load(p), value) : value);
}

function maxPool2Back(
  images: i32,
  h: i32,
  w: i32,
  c: i32,
  rows: i32,
  columns: i32,
  x: usize,
  y: usize,
  dy: usize,
  dx: usize,
  flags: i32
): void {
  const pixel = (<usize>c) << 2;
  const row = <usize>w * pixel;
  const add = flags & ACCUMULATE;
  for (let b = 0; b < images; b++) {
    for (let r = 0; r < rows; r++) {
      const at = <usize>(b * h + 2 * r) * row;
      let p = x + at;
      let q = dx + at;
      for (let s = 0; s < columns; s++) {
        for (const end = p + pixel; p < end; p += 16) {
          const best = v128.load(y);
          const given = passed(v128.load(dy), best, flags);
          const first = f32x4.eq(v128.load(p), best);
          const second = f32x4.eq(v128.load(p + pixel), best);
          const third = f32x4.eq(v128.load(p + row), best);
          const fourth = f32x4.eq(v128.load(p + row + pixel), best);
          const two = v128.or(first, second);
          const three = v128.or(two, third);
          put(q, v128.and(given, first), add);
          put(q + pixel, v128.and(given, v128.andnot(second, first)), add);
          put(q + row, v128.and(given, v128.andnot(third, two)), add);
          put(q + row + pixel, v128.and(given, v128.andnot(fourth, three)), add);
          y += 16;
          dy += 16;
          q += 16;
        }
        p += pixel;
        q += pixel;
      }
    }
  }
}

/** How many cells of a window count in its mean: those on the image, or all. */
function cells(high: i32, wide: i32, kh: i32, kw: i32, countBorder: i32): f32 {
  return <f32>(countBorder ? kh * kw : max(1, max(0, high) * max(0, wide)));
}

/** The mean of each window; border cells are zeros and count where `countBorder`. */
export function averagePool(
  images: i32,
  h: i32,
  w: i32,
  c: i32,
  kh: i32,
  kw: i32,
  sh: i32,
  sw: i32,
  top: i32,
  left: i32,
  rows: i32,
  columns: i32,
  countBorder: i32,
  x: usize,
  y: usize
): void {
  const pixel = (<usize>c) << 2;
  const row = <usize>w * pixel;
  for (let b = 0; b < images; b++) {
    for (let r = 0; r < rows; r++) {
      const i0 = max(0, r * sh - top);
      const i1 = min(h, r * sh - top + kh);
      for (let s = 0; s < columns; s++) {
        const j0 = max(0, s * sw - left);
        const j1 = min(w, s * sw - left + kw);
        const count = f32x4.splat(cells(i1 - i0, j1 - j0, kh, kw, countBorder));
        for (let e = 0; e < c;) {
          const four = e + 4 <= c;
          let sum = f32x4.splat(0);
          for (let i = i0; i < i1; i++) {
            let p = x + <usize>i * row + <usize>j0 * pixel + ((<usize>e) << 2);
            for (let j = j0; j < j1; j++) {
              sum = f32x4.add(sum, loadLanes(p, four));
              p += pixel;
            }
          }
          storeLanes(y, f32x4.div(sum, count), four);
          y += four ? 16 : 4;
          e += four ? 4 : 1;
        }
      }
    }
    x += <usize>h * row;
  }
}

/** dx = Σ over the windows of dy / cells; added to dx where `add`. */
export function averagePoolBack(
  images: i32,
  h: i32,
  w: i32,
  c: i32,
  kh: i32,
  kw: i32,
  sh: i32,
  sw: i32,
  top: i32,
  left: i32,
  rows: i32,
  columns: i32,
  countBorder: i32,
  dy: usize,
  dx: usize,
  add: i32
): void {
  const pixel = (<usize>c) << 2;
  const row = <usize>w * pixel;
  if (!add) memory.fill(dx, 0, <usize>(images * h) * row);
  for (let b = 0; b < images; b++) {
    for (let r = 0; r < rows; r++) {
      const i0 = max(0, r * sh - top);
      const i1 = min(h, r * sh - top + kh);
      for (let s = 0; s < columns; s++) {
        const j0 = max(0, s * sw - left);
        const j1 = min(w, s * sw - left + kw);
        const count = f32x4.splat(cells(i1 - i0, j1 - j0, kh, kw, countBorder));
        for (let e = 0; e < c;) {
          const four = e + 4 <= c;
          const share = f32x4.div(loadLanes(dy, four), count);
          for (let i = i0; i < i1; i++) {
            let p = dx + <usize>i * row + <usize>j0 * pixel + ((<usize>e) << 2);
            for (let j = j0; j < j1; j++) {
              storeLanes(p, f32x4.add(loadLanes(p, four), share), four);
              p += pixel;
            }
          }
          dy += four ? 16 : 4;
          e += four ? 4 : 1;
        }
      }
    }
    dx += <usize>h * row;
  }
}
