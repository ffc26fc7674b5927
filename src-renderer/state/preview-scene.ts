/** The part of a draft of which pictures can be drawn: as far as its shapes are known, whatever is wrong behind that. */
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import { dataSchema, experimentSchema, type Experiment } from '../../src-worker/contract/experiment.ts';
import type { PreviewRequest } from '../../src-worker/contract/preview.ts';
import type { Report } from '../../src-worker/contract/report.ts';

export interface Scene extends Omit<PreviewRequest, 'sample'> {
  readonly data: Experiment['data'];
}

/** null: not even the first example is known. */
export function sceneOf(experiment: Experiment, { layers }: Report, info: DatasetInfo): Scene | null {
  const seed = experimentSchema.shape.seed.safeParse(experiment.seed).data;
  const data = dataSchema.safeParse(experiment.data).data;
  if (seed === undefined || !data || layers.length === 0) return null;
  return {
    seed,
    data,
    info,
    network: {
      nodes: layers.map(({ id, kind, settings }) => ({ ...settings, id, kind })),
      edges: layers.flatMap(({ id, from }) => from.map((before): [string, string] => [before, id]))
    }
  };
}
