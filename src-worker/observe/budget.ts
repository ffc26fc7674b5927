/** The share of the training time that looking at the layers is to take: a look that takes longer than the last still leaves it below 5 %. */
const SHARE = 0.04;
/**
 * Granted at once, so that a run is seen before its first step and after its first epochs, which may be over in no time. Small
 * networks cost much less; of large ones this is the price of the first look.
 */
const GRANT_MS = 50;
/** Looks that nobody waits for lie as far apart; and the farther, the longer the run: so hours leave hundreds of them, not thousands. */
const APART_MS = 250;
const APART_SHARE = 0.01;

export interface BudgetOptions {
  readonly share?: number;
  readonly grantMs?: number;
}

/**
 * Says when there is time to look: all looks together, and what preparing them took, stay below `share` of the time that the run has been
 * training, apart from the grant. What a look is going to cost is taken to be what the last one did.
 *
 * Knows no clock: `elapsedMs` is the time that the run has been training so far, looks included, pauses left out.
 */
export class Budget {
  readonly #share: number;
  readonly #grantMs: number;
  #spentMs = 0;
  #expectedMs = 0;
  #lookedMs = -Infinity;

  constructor({ share = SHARE, grantMs = GRANT_MS }: BudgetOptions = {}) {
    this.#share = share;
    this.#grantMs = grantMs;
  }

  /** Spent so far, for whoever tells the share. */
  get spentMs(): number {
    return this.#spentMs;
  }

  /** `isAwaited`: as those before the first step and after each of the first epochs, which do not wait until the last is some time ago. */
  allows(elapsedMs: number, isAwaited = false): boolean {
    const apartMs = Math.max(APART_MS, APART_SHARE * elapsedMs);
    if (!isAwaited && elapsedMs - this.#lookedMs < apartMs) return false;
    return this.#spentMs + this.#expectedMs <= this.#grantMs + this.#share * elapsedMs;
  }

  /** What was spent before the first look. */
  prepared(ms: number): void {
    this.#spentMs += ms;
  }

  /** A look that took `ms` and was over at `elapsedMs`. */
  looked(elapsedMs: number, ms: number): void {
    this.#spentMs += ms;
    this.#expectedMs = ms;
    this.#lookedMs = elapsedMs;
  }
}
