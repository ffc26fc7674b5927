/** Writes WebAssembly modules byte by byte: no more of the format than elementwise loops need. */

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;

export type Code = readonly number[];

/** LEB128, unsigned. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return [...bytes, left];
    bytes.push((left & 0x7f) | 0x80);
  }
}

/** LEB128, signed. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>= 7) {
    const byte = left & 0x7f;
    const isLast = (left >> 7 === 0 && (byte & 0x40) === 0) || (left >> 7 === -1 && (byte & 0x40) !== 0);
    if (isLast) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

export const f32Bytes = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];

const simd = (operation: number): Code => [0xfd, ...unsigned(operation)];
/** Alignment hint 2², and an offset in bytes that is added to the address. */
const access =
  (operation: number) =>
  (offset = 0): Code => [...simd(operation), 2, ...unsigned(offset)];

export const op = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  i32: (value: number): Code => [0x41, ...signed(value)],
  f32: (value: number): Code => [0x43, ...f32Bytes(value)],
  call: (index: number): Code => [0x10, ...unsigned(index)],
  addI32: [0x6a],
  subI32: [0x6b],
  multiplyI32: [0x6c],
  andI32: [0x71],
  shiftRightI32: [0x76],
  lessI32: [0x48],
  /** Of two values the first where the third is not 0, else the second. */
  select: [0x1b],
  /** `body` as long as it leaves a number other than 0; it runs at least once. */
  loop: (body: Code): Code => [0x03, 0x40, ...body, 0x0d, 0, 0x0b],
  when: (body: Code): Code => [0x04, 0x40, ...body, 0x0b],
  load: access(0x00),
  store: access(0x0b),
  /** One float into all lanes. */
  loadSplat: access(0x09),
  /** The lowest one, or two, lanes; a single other one. */
  storeOne: (offset = 0): Code => storeLane(0x5a, 0, offset),
  storeTwo: (offset = 0): Code => storeLane(0x5b, 0, offset),
  storeThird: (offset = 0): Code => storeLane(0x5a, 2, offset),
  /** Lanes 2, 3, 0, 1; and 1, 0, 3, 2. */
  swapHalves: [...simd(0x0d), ...lanes(2, 3, 0, 1)],
  swapPairs: [...simd(0x0d), ...lanes(1, 0, 3, 2)],
  /** A vector of four given words. */
  vector: (words: readonly [number, number, number, number]): Code => [
    ...simd(0x0c),
    ...new Uint8Array(Int32Array.from(words).buffer)
  ],
  splat: simd(0x13),
  splatI32: simd(0x11),
  greaterI32: simd(0x3b),
  greater: simd(0x44),
  less: simd(0x43),
  and: simd(0x4e),
  bitselect: simd(0x52),
  abs: simd(0xe0),
  negate: simd(0xe1),
  sqrt: simd(0xe3),
  add: simd(0xe4),
  subtract: simd(0xe5),
  multiply: simd(0xe6),
  divide: simd(0xe7),
  min: simd(0xe8),
  max: simd(0xe9)
} as const;

function storeLane(operation: number, lane: number, offset: number): Code {
  return [...access(operation)(offset), lane];
}

/** The byte numbers of a shuffle of one vector with itself, lane by lane. */
function lanes(...order: readonly number[]): number[] {
  return order.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
}

export interface FunctionCode {
  readonly name: string;
  readonly parameters: readonly number[];
  /** Types of the locals behind the parameters. */
  readonly locals: readonly number[];
  readonly body: Code;
}

const text = (value: string): number[] => [...unsigned(value.length), ...new TextEncoder().encode(value)];
const list = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: Code): number[] => [id, ...unsigned(content.length), ...content];

/**
 * A module of exported functions without results over the imported memory `env.memory`, with imported functions vector → vector
 * `env.<name>`, which take the first function numbers.
 */
export function assemble(
  functions: readonly FunctionCode[],
  vectorImports: readonly string[],
  shared: boolean
): Uint8Array<ArrayBuffer> {
  const types = [
    [0x60, 1, V128, 1, V128],
    ...functions.map(({ parameters }) => [0x60, ...list(parameters.map((type) => [type])), 0])
  ];
  const memory = [...text('env'), ...text('memory'), 2, shared ? 3 : 1, 0, ...unsigned(65_536)];
  const imports = [memory, ...vectorImports.map((name) => [...text('env'), ...text(name), 0, 0])];
  const exports = functions.map(({ name }, i) => [...text(name), 0, ...unsigned(vectorImports.length + i)]);
  const bodies = functions.map(({ locals, body }) => {
    const code = [...list(locals.map((type) => [1, type])), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list(imports)),
    ...section(3, list(functions.map((_, i) => unsigned(i + 1)))),
    ...section(7, list(exports)),
    ...section(10, list(bodies))
  ]);
}
