/** Keeps the pictures on the layers up to date with the draft, a moment after each change and never in its way. */
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import type { Preview, Sample } from '../../src-worker/contract/preview.ts';
import { previews } from '../canvas/cards/previews.svelte.ts';
import { loadDataset } from '../client/datasets.ts';
import { doTask } from '../client/task-thread.ts';
import { draft } from './draft.svelte.ts';

const REST_MS = 120;
/** As many as a batch norm needs to have a mean. */
const EXAMPLES = 8;
/** Multiply-adds of one example; beyond them a picture comes too late to be of use. */
export const MOST_WORK = 2e9;

/** For a component that shows them: follows as long as the effect lives. */
export function followPreviews(): void {
  /** What the last pictures, or those on their way, are of. */
  let shown = '';
  $effect(() => {
    const { experiment, layers, multiplyAdds } = draft.report;
    const info = draft.dataset;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      // Pictures of layers that broke are gone: they are drawn again when the network is as it was.
      if (keepOnly(layers.map(({ id }) => id))) shown = '';
      const key = JSON.stringify([experiment?.seed, experiment?.data, experiment?.network]);
      if (!experiment || !info || multiplyAdds > MOST_WORK || key === shown) return;
      shown = key;
      show(experiment, info, stop.signal).catch((error: unknown) => {
        shown = '';
        if (!stop.signal.aborted) console.warn('No previews.', error); // the run itself will say why
      });
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  });
}

async function show(experiment: Experiment, info: DatasetInfo, signal: AbortSignal): Promise<void> {
  const sample = await sampleOf(experiment, info, signal);
  const { layers } = await doTask('preview', { experiment, info, sample }, signal);
  if (signal.aborted) return;
  // The input's card shows the dataset itself.
  const shown = layers.filter(({ node }) =>
    experiment.network.nodes.some(({ id, kind }) => id === node && kind !== 'input')
  );
  keepOnly(shown.map(({ node }) => node));
  for (const { node, preview } of shown) if (!isSame(previews.get(node), preview)) previews.set(node, preview);
}

/** What stands before the place of an edit gives what it gave: its picture need not be drawn again. */
function isSame(before: Preview | undefined, after: Preview): boolean {
  if (before?.type === 'bars') return after.type === 'bars' && isAlike(before.values, after.values);
  if (before?.type !== 'maps' || after.type !== 'maps') return false;
  const isSize = before.width === after.width && before.height === after.height;
  const { maps } = before;
  return isSize && maps.length === after.maps.length && after.maps.every((map, i) => isAlike(map, maps[i]!));
}

const isAlike = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
};

/** The last one: it changes with the data alone. */
let taken: { readonly key: string; readonly sample: Sample } | null = null;

async function sampleOf(experiment: Experiment, info: DatasetInfo, signal: AbortSignal): Promise<Sample> {
  const { augment: _, ...data } = experiment.data;
  const key = JSON.stringify([experiment.seed, data]);
  if (taken?.key === key) return taken.sample;
  const dataset = await loadDataset(info.name);
  const sample = await doTask('sample', { experiment, dataset, count: EXAMPLES }, signal);
  taken = { key, sample };
  return sample;
}

/** Whether any picture went. */
function keepOnly(ids: readonly string[]): boolean {
  const kept = new Set(ids);
  const gone = [...previews.keys()].filter((id) => !kept.has(id));
  for (const id of gone) previews.delete(id);
  return gone.length > 0;
}
