import type { InspectResult } from '../../../src-worker/contract/inspect.ts';
import type { Mean, VariantResult } from '../../lab/comparison.ts';
import { throughDepth } from '../../lab/depth.ts';
import { formatNumber, formatShare, table } from './terminal.ts';

/** A row for each variant; with several seeds, mean ± standard deviation. Weights that are exactly 0 are told where there are any. */
export function describeComparison(variants: readonly VariantResult[]): string {
  const header = ['variant', 'epochs', 'train loss', 'accuracy', 'dev loss', 'accuracy', 'test loss', 'accuracy'];
  const isSparse = variants.some(({ zeros }) => zeros.mean !== null && zeros.mean > 0);
  const rows = variants.map(({ variant, statuses, runs, epochs, train, dev, test, gap, zeros, seconds }) => [
    statuses.every((status) => status === 'completed') ? variant : `${variant} (${statuses.join(', ')})`,
    formatNumber(epochs.mean),
    ...[train, dev, test].flatMap(({ loss, accuracy }) => [number(loss), share(accuracy)]),
    ...(isSparse ? [share(zeros)] : []),
    ...[share(gap), seconds.mean === null ? '–' : seconds.mean.toFixed(1), runs.join(', ')]
  ]);
  return table([...header, ...(isSparse ? ['zero weights'] : []), 'gap', 'seconds', 'runs'], rows);
}

const withDeviation = ({ mean, sd }: Mean, format: (value: number | null) => string): string =>
  sd === null ? format(mean) : `${format(mean)} ± ${format(Number(sd.toPrecision(2)))}`;

const number = (value: Mean): string => withDeviation(value, formatNumber);
const share = (value: Mean): string => withDeviation(value, formatShare);

export interface Inspection extends InspectResult {
  readonly variant: string;
}

/** What becomes of activations and gradients through the hidden layers, before the first update. */
export function describeInspections(inspections: readonly Inspection[]): string {
  const header = ['before the first step', 'layers', 'sd of activations', 'sd of gradients, back'];
  const rows = inspections.flatMap((inspection) => {
    const depth = throughDepth(inspection);
    if (!depth) return [];
    const { first, last, activations, gradients } = depth;
    return [
      [
        ...[inspection.variant, `${first} … ${last}`],
        `${formatNumber(activations.first)} → ${formatNumber(activations.last)}`,
        `${formatNumber(gradients.last)} → ${formatNumber(gradients.first)}`
      ]
    ];
  });
  return table(header, rows);
}
