/** What the runs of a classic experiment came to: a result for each run, and means over the seeds for each variant. Pure. */
import type { RunRecord } from '../../src-worker/contract/lab-api.ts';
import type { Final, Metrics, RunStatus } from '../../src-worker/contract/run.ts';

export interface RunResult {
  readonly run: number;
  readonly variant: string;
  readonly seed: number;
  readonly status: RunStatus;
  readonly epochs: number;
  /** With the final weights; where that was not measured, the mean over the last epoch. */
  readonly train: Metrics | null;
  /** With the final weights: those of the best epoch where early stopping has put them back. */
  readonly dev: Metrics | null;
  readonly test: Metrics | null;
  /** Train accuracy − test accuracy. */
  readonly gap: number | null;
  /** Share of all weights that are exactly 0 at the end. */
  readonly zeros: number | null;
  readonly seconds: number;
}

export function runResult(variant: string, { summary, experiment, events }: RunRecord): RunResult {
  const end = events.find((event) => event.type === 'end');
  const epochs = events.filter((event) => event.type === 'epoch');
  const last = epochs.at(-1);
  const kept = end?.best?.restored ? epochs.find(({ epoch }) => epoch === end.best!.epoch) : last;
  const train = end?.final?.train ?? last?.train ?? null;
  const test = end?.test ?? null;
  return {
    ...{ run: summary.id, variant, seed: experiment.seed, status: summary.status, epochs: epochs.length },
    ...{ train, dev: kept?.dev ?? null, test, seconds: summary.seconds },
    zeros: end?.final ? zeroShare(end.final) : null,
    gap: train?.accuracy == null || test?.accuracy == null ? null : train.accuracy - test.accuracy
  };
}

function zeroShare({ weights }: Final): number | null {
  const count = weights.reduce((sum, { values }) => sum + values.count, 0);
  const zeros = weights.reduce((sum, { values }) => sum + values.zeros * values.count, 0);
  return count === 0 ? null : zeros / count;
}

/** Mean and standard deviation (n − 1) over the runs that have the number; no deviation of a single one. */
export interface Mean {
  readonly mean: number | null;
  readonly sd: number | null;
}

export interface VariantResult {
  readonly variant: string;
  readonly runs: readonly number[];
  readonly statuses: readonly RunStatus[];
  readonly epochs: Mean;
  readonly train: MeanMetrics;
  readonly dev: MeanMetrics;
  readonly test: MeanMetrics;
  readonly gap: Mean;
  readonly zeros: Mean;
  readonly seconds: Mean;
}
type MeanMetrics = Readonly<Record<'loss' | 'accuracy', Mean>>;

export function compareVariants(results: readonly RunResult[]): VariantResult[] {
  return [...new Set(results.map(({ variant }) => variant))].map((variant) => {
    const own = results.filter((result) => result.variant === variant);
    const over = (of: (result: RunResult) => number | null | undefined) => meanOf(own.map(of));
    const metrics = (part: 'train' | 'dev' | 'test'): MeanMetrics => ({
      loss: over((result) => result[part]?.loss),
      accuracy: over((result) => result[part]?.accuracy)
    });
    return {
      variant,
      runs: own.map(({ run }) => run),
      statuses: [...new Set(own.map(({ status }) => status))],
      ...{ train: metrics('train'), dev: metrics('dev'), test: metrics('test') },
      epochs: over(({ epochs }) => epochs),
      gap: over(({ gap }) => gap),
      zeros: over(({ zeros }) => zeros),
      seconds: over(({ seconds }) => seconds)
    };
  });
}

export function meanOf(values: readonly (number | null | undefined)[]): Mean {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length === 0) return { mean: null, sd: null };
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: known.length > 1 ? Math.sqrt(squares / (known.length - 1)) : null };
}
