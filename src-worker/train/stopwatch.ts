/** Training time without pauses. */
export class Stopwatch {
  readonly #nowMs: () => number;
  #startedMs: number;
  #pausedMs: number | null = null;

  /** `seconds`: what has passed before. */
  constructor(nowMs: () => number, seconds = 0) {
    this.#nowMs = nowMs;
    this.#startedMs = nowMs() - seconds * 1000;
  }

  seconds(): number {
    return ((this.#pausedMs ?? this.#nowMs()) - this.#startedMs) / 1000;
  }

  pause(): void {
    this.#pausedMs ??= this.#nowMs();
  }

  resume(): void {
    this.#startedMs += this.#nowMs() - (this.#pausedMs ?? this.#nowMs());
    this.#pausedMs = null;
  }
}
