/** A wire as it may be typed: two ids, known or not. */
export const isWire = (wire: unknown): wire is [string, string] =>
  Array.isArray(wire) && wire.length === 2 && wire.every((end) => typeof end === 'string');
