/** Gives back the object that it gave before as long as the next one is alike, so that what follows from it is not worked out again. */
export function steady<T>(isSame: (before: T, next: T) => boolean): (next: T) => T {
  let last: T | undefined;
  return (next) => {
    if (last === undefined || !isSame(last, next)) last = next;
    return last;
  };
}

/** One and the same elements in the same order. */
export const isSameList = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((element, i) => element === b[i]);
