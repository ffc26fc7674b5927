/**
 * Early stopping: ends a run whose dev metric has not improved for `patience` epochs, and can put the best weights back.
 *
 * Source: Goodfellow et al. 2016, Deep Learning, algorithm 7.1.
 */
import type { Engine } from '../backends/backend.ts';
import type { EarlyStoppingSpec } from '../contract/experiment.ts';
import type { Metrics } from '../contract/run.ts';
import { readMetricName } from '../metrics/names.ts';

/** What it remembers. */
export interface Waiting {
  /** Smaller is better; null before the first. */
  readonly best: number | null;
  readonly bestEpoch: number;
  readonly lastEpoch: number;
}

type Weights = Pick<Engine, 'read' | 'write'>;

export class EarlyStopping {
  readonly #spec: EarlyStoppingSpec;
  #waiting: Waiting = { best: null, bestEpoch: 0, lastEpoch: 0 };
  /** The arena of the best epoch, where it is to be put back. */
  weights: Float32Array | null = null;

  constructor(spec: EarlyStoppingSpec, waiting?: Waiting, weights: Float32Array | null = null) {
    this.#spec = spec;
    if (waiting) this.#waiting = waiting;
    this.weights = weights;
  }

  get monitor(): string {
    return this.#spec.monitor;
  }
  get waiting(): Waiting {
    return this.#waiting;
  }

  /** After each epoch; true when it is time to stop. A metric that is no number never improves. */
  async observe(epoch: number, dev: Metrics, engine: Weights): Promise<boolean> {
    const { monitor, minDelta, patience, restoreBest } = this.#spec;
    const name = monitor.slice('dev.'.length);
    // Smaller is better, for a loss as it is and for an accuracy turned round.
    const sign = readMetricName(name).better === 'lower' ? 1 : -1;
    const measured = dev[name];
    const { best, bestEpoch } = this.#waiting;
    const value = typeof measured === 'number' ? sign * measured : null;
    const isBetter = value !== null && value < (best ?? Infinity) - minDelta;
    this.#waiting = isBetter
      ? { best: value, bestEpoch: epoch, lastEpoch: epoch }
      : { best, bestEpoch, lastEpoch: epoch };
    if (isBetter && restoreBest) this.weights = await engine.read('w');
    return epoch - this.#waiting.bestEpoch >= patience;
  }

  /** At the end of the run, stopped early or not: the weights of the best epoch, where they are wanted and not there already. */
  async finish(engine: Weights): Promise<{ epoch: number; restored: boolean }> {
    const { bestEpoch, lastEpoch } = this.#waiting;
    const restored = this.weights !== null && bestEpoch < lastEpoch;
    if (restored) await engine.write('w', this.weights!);
    return { epoch: bestEpoch, restored };
  }
}
