/** The losses of all mini-batches in bounded memory: means over strips of steps. */

export interface Strip {
  readonly mean: number;
  /** Standard error of the mean. */
  readonly error: number;
}

const FEWEST_STEPS = 4;
const STRIPS_PER_EPOCH = 8;
/** When there are so many, every two become one. */
const MOST_STRIPS = 256;

interface Sums {
  count: number;
  sum: number;
  squares: number;
}

const nothing = (): Sums => ({ count: 0, sum: 0, squares: 0 });

export class LossStrips {
  #steps: number;
  #whole: Sums[] = [];
  #open = nothing();

  constructor(stepsPerEpoch: number) {
    this.#steps = Math.max(FEWEST_STEPS, Math.ceil(stepsPerEpoch / STRIPS_PER_EPOCH));
  }

  /** Whether a strip has become whole. A loss that is not finite ends the run, and is passed over. */
  add(loss: number | null): boolean {
    if (loss === null) return false;
    this.#open = plus(this.#open, { count: 1, sum: loss, squares: loss * loss });
    if (this.#open.count < this.#steps) return false;
    this.#whole.push(this.#open);
    this.#open = nothing();
    if (this.#whole.length >= MOST_STRIPS) this.#halve();
    return true;
  }

  clear(): void {
    this.#whole = [];
    this.#open = nothing();
  }

  /** The whole ones, in order. */
  strips(): Strip[] {
    return this.#whole.map(({ count, sum, squares }) => {
      const mean = sum / count;
      return { mean, error: Math.sqrt(Math.max(0, squares / count - mean * mean) / count) };
    });
  }

  #halve(): void {
    const whole = this.#whole;
    this.#whole = Array.from({ length: MOST_STRIPS / 2 }, (_, i) => plus(whole[2 * i]!, whole[2 * i + 1]!));
    this.#steps *= 2;
  }
}

const plus = (a: Sums, b: Sums): Sums => ({
  count: a.count + b.count,
  sum: a.sum + b.sum,
  squares: a.squares + b.squares
});
