import type { RunEvent } from '../contract/run.ts';
import type { FromThread } from '../contract/thread.ts';

/** At most this often events are sent. */
const SEND_EVERY_MS = 100;

/** Collects events and sends them at most ten times a second; consecutive `steps` become one. */
export class Outbox {
  /** Steps seen so far. */
  step = 0;
  readonly #host: { send(message: FromThread): void; nowMs(): number };
  #waiting: RunEvent[] = [];
  #sentMs = -Infinity;

  constructor(host: { send(message: FromThread): void; nowMs(): number }) {
    this.#host = host;
  }

  emit(event: RunEvent): void {
    const last = this.#waiting.at(-1);
    if (event.type === 'steps' && last?.type === 'steps') {
      last.loss.push(...event.loss);
      last.accuracy.push(...event.accuracy);
      last.seconds = event.seconds;
    } else this.#waiting.push(event);
    if (event.type === 'steps') this.step = event.from + event.loss.length - 1;
    // Small networks finish thousands of epochs a second; what a person waits for goes at once.
    const urgent = event.type !== 'steps' && event.type !== 'epoch';
    if (urgent || this.#host.nowMs() - this.#sentMs >= SEND_EVERY_MS) this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#host.send({ type: 'events', events: this.#waiting });
    this.#waiting = [];
    this.#sentMs = this.#host.nowMs();
  }
}
