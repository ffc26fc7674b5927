/** Metrics, reports and divergence in words, for the terminal. */
import type { Divergence, HeadReport, Metrics } from '../../../src-worker/contract/run.ts';
import { readMetricName } from '../../../src-worker/graph/choices.ts';
import { formatCount, formatNumber, formatShare, table } from './terminal.ts';

export const formatMetric = (name: string, value: number | null | undefined): string =>
  readMetricName(name).unit === 'share' ? formatShare(value) : formatNumber(value);

/** Names in order, without an accuracy where nothing is right or wrong. */
export const namesIn = (list: readonly (Metrics | null)[]): string[] => {
  const found = list.flatMap((metrics) => Object.keys(metrics ?? {}));
  const judged = list.some((metrics) => typeof metrics?.accuracy === 'number');
  return [...new Set(found)].filter((name) => name !== 'accuracy' || judged);
};

/** `loss 0.4188, accuracy 85.19 %, f1 85.02 %` */
export const describeMetrics = (metrics: Metrics): string =>
  namesIn([metrics])
    .map((name) => `${name} ${formatMetric(name, metrics[name])}`)
    .join(', ');

/** The one number that stands for all: accuracy, else the first metric, else the loss. */
export function describeMain(metrics: Metrics | null | undefined): string {
  if (!metrics) return formatShare(null);
  if (metrics.accuracy !== null) return formatShare(metrics.accuracy);
  const name = Object.keys(metrics).find((key) => key !== 'loss' && key !== 'accuracy') ?? 'loss';
  return `${name} ${formatMetric(name, metrics[name])}`;
}

/** More rows than this nobody reads in a terminal; the weakest are shown. */
const MOST_ROWS = 30;

/** Precision, recall and F1 of every class or column. */
export function describeReport({ node, on, items }: HeadReport, several: boolean): string {
  const weakest = [...items].sort((a, b) => (a.f1 ?? -1) - (b.f1 ?? -1)).slice(0, MOST_ROWS);
  const shown = items.length > MOST_ROWS ? weakest : items;
  const rows = shown.map(({ name, count, precision, recall, f1 }) => [
    name,
    formatCount(count),
    ...[precision, recall, f1].map(formatShare)
  ]);
  const title = `${several ? `${node}, on` : 'On'} the ${on} set${shown === items ? '' : `, the ${MOST_ROWS} weakest of ${items.length}`}:`;
  return `${title}\n${table(['class', 'examples', 'precision', 'recall', 'F1'], rows)}`;
}

/** Where it broke, and what helps. */
export function describeDivergence({ step, node, what, tensor }: Divergence): string {
  const where = {
    parameter: `first in the weights of “${node}” (${tensor})`,
    output: `first in the output of “${node}” (${tensor})`,
    loss: `first in the loss of “${node}”`
  };
  const place = what === null ? '' : `, ${where[what]}`;
  const remedy = 'Lower the learning rate, normalize the inputs, or clip the gradients (training.clip).';
  return `At step ${formatCount(step)} a number became infinite or undefined${place}. The weights from before are kept. ${remedy}`;
}
