/** Training time without pauses. */
export class Stopwatch {
  readonly #nowMs: () => number;
  #startedMs: number;
  #pausedMs: number | null = null;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
  }

  seconds(): number {
    return ((this.#pausedMs ?? this.#nowMs()) - this.#startedMs) / 1000;
  }

  pause(): void {
    this.#pausedMs = this.#nowMs();
  }

  resume(): void {
    this.#startedMs += this.#nowMs() - (this.#pausedMs ?? this.#nowMs());
    this.#pausedMs = null;
  }
}
