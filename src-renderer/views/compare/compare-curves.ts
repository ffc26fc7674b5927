/** One curve per run and metric, a point after every epoch: the dev set, or the mean over the epoch's mini-batches. */
import { seriesOf, type Curve } from '../../charts/curve.ts';
import { lookOf } from '../../state/run-colour.ts';
import type { RunPicture } from '../../state/run-picture.ts';

interface Compared {
  id: number;
  picture: RunPicture;
  label: string;
}

export function compareCurves(runs: readonly Compared[], metric: string, part: 'dev' | 'train'): Curve[] {
  return runs.map(({ id, picture, label }) => {
    const measured = picture.epochs.filter((epoch) => epoch[part] !== null);
    const series = seriesOf(
      measured.map(({ epoch }) => epoch),
      measured.map((epoch) => epoch[part]![metric] ?? null)
    );
    return { ...lookOf(id), key: String(id), label, role: 'line', width: 1.75, series, value: series.value };
  });
}
