import { adaptToDataset, type Adaptation } from '../../src-worker/graph/edit/dataset.ts';
import { draft } from './draft.svelte.ts';
import { lab } from './lab.svelte.ts';

/** Another dataset for the draft, with all that follows from it, in one step of undo. Answers what followed. */
export function takeDataset(name: string): readonly Adaptation[] {
  const info = lab.datasets.find((dataset) => dataset.name === name);
  if (!info || !draft.experiment) return [];
  const { experiment, changes } = adaptToDataset(draft.experiment, info, draft.dataset);
  draft.edit('dataset', (document) => ({ ...document, experiment }));
  return changes;
}
