/** What a person wants of a run that trains, as its loop sees it. */
import type { Entry } from './agenda.ts';

/** Set from outside while the loop runs. `changed` resolves when a command arrives. */
export interface Controls {
  readonly wanted: 'run' | 'pause' | 'stop';
  want(wanted: 'run' | 'pause' | 'stop'): void;
  /** Takes out what is to be done at once, in the order in which it was asked for. */
  asked(): Entry[];
  changed(): Promise<void>;
}

export class LiveControls implements Controls {
  #wanted: Controls['wanted'] = 'run';
  #wake: (() => void)[] = [];
  #asked: Entry[] = [];

  get wanted(): Controls['wanted'] {
    return this.#wanted;
  }

  /** A stop is final. */
  want(wanted: Controls['wanted']): void {
    if (this.#wanted !== 'stop') this.#wanted = wanted;
    this.#awaken();
  }

  ask(entry: Entry): void {
    this.#asked.push(entry);
    this.#awaken();
  }

  asked(): Entry[] {
    return this.#asked.splice(0);
  }

  changed(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #awaken(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
