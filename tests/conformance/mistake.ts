/** How far a number is from what it should be. */
export interface Mistake {
  /** `dW[3]: 0.5 against 0.25` */
  readonly what: string;
  /** Relative; absolute where less than 1 is wanted. */
  readonly error: number;
}

export const mistake = (name: string, at: number, got: number, wanted: number): Mistake => {
  const error = Math.abs(got - wanted) / Math.max(1, Math.abs(wanted));
  return { what: `${name}[${at}]: ${got} against ${wanted}`, error: Number.isNaN(error) ? Infinity : error };
};

export const none: Mistake = { what: 'nothing differs', error: 0 };

export const worse = (a: Mistake, b: Mistake): Mistake => (b.error > a.error ? b : a);
