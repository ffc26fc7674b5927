import type { RunState } from './run-state.ts';

/** States to which a run that is done again will go back: they are taken when it comes by. */
export class Keepsakes {
  readonly #wanted: readonly { readonly line: number; readonly to: number }[];
  readonly #states = new Map<string, RunState>();

  constructor(wanted: readonly { readonly line: number; readonly to: number }[]) {
    this.#wanted = wanted;
  }

  async passBy({ line, step }: RunState['place'], snapshot: () => Promise<RunState>): Promise<void> {
    if (this.#wanted.some((one) => one.line === line && one.to === step) && !this.#states.has(`${line}:${step}`))
      this.#states.set(`${line}:${step}`, await snapshot());
  }

  find(line: number, step: number): RunState | undefined {
    return this.#states.get(`${line}:${step}`);
  }
}
