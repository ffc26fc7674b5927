/**
 * Early stopping: ends a run whose dev metric has not improved for `patience` epochs, and can put the best weights back.
 *
 * Source: Goodfellow et al. 2016, Deep Learning, algorithm 7.1.
 */
import type { Engine } from '../backends/backend.ts';
import type { EarlyStoppingSpec } from '../contract/experiment.ts';
import type { Metrics } from '../contract/run.ts';
import { readMetricName } from '../metrics/names.ts';

export class EarlyStopping {
  readonly #spec: EarlyStoppingSpec;
  readonly #engine: Engine;
  #best = Infinity;
  #bestEpoch = 0;
  #lastEpoch = 0;
  #weights: Float32Array | null = null;

  constructor(spec: EarlyStoppingSpec, engine: Engine) {
    this.#spec = spec;
    this.#engine = engine;
  }

  /** After each epoch; true when it is time to stop. A metric that is no number never improves. */
  async observe(epoch: number, dev: Metrics): Promise<boolean> {
    const { monitor, minDelta, patience, restoreBest } = this.#spec;
    const name = monitor.slice('dev.'.length);
    // Smaller is better, for a loss as it is and for an accuracy turned round.
    const sign = readMetricName(name).better === 'lower' ? 1 : -1;
    const value = sign * (dev[name] ?? sign * Infinity);
    this.#lastEpoch = epoch;
    if (value < this.#best - minDelta) {
      this.#best = value;
      this.#bestEpoch = epoch;
      if (restoreBest) this.#weights = await this.#engine.read('w');
    }
    return epoch - this.#bestEpoch >= patience;
  }

  /** At the end of the run, stopped early or not: the weights of the best epoch, where they are wanted and not there already. */
  async finish(): Promise<{ epoch: number; restored: boolean }> {
    const restored = this.#weights !== null && this.#bestEpoch < this.#lastEpoch;
    if (restored) await this.#engine.write('w', this.#weights!);
    return { epoch: this.#bestEpoch, restored };
  }
}
