/** Keeps the pictures on the layers up to date with the draft, a moment after each change and never in its way. */
import { untrack } from 'svelte';
import type { Preview, Sample } from '../../src-worker/contract/preview.ts';
import { previews } from '../canvas/cards/previews.svelte.ts';
import { loadDataset } from '../client/datasets.ts';
import { doTask } from '../client/task-thread.ts';
import { draft } from './draft.svelte.ts';
import { sceneOf, type Scene } from './preview-scene.ts';

const REST_MS = 120;
/** As many as a batch norm needs to have a mean. */
const EXAMPLES = 8;
/** Multiply-adds of one example; beyond them a picture comes too late to be of use. */
export const MOST_WORK = 2e9;

/** The draft whose pictures there are: those of another are not to be seen on layers of the same names. */
let shownOf: unknown = null;

/** For a component that shows them: follows as long as the effect lives. */
export function followPreviews(): void {
  /** What the last pictures, or those on their way, are of. */
  let shown = '';
  $effect.pre(() => {
    const { history } = draft;
    if (shownOf !== history) untrack(() => previews.clear());
    shownOf = history;
  });
  $effect(() => {
    const { experiment, report, dataset: info } = draft;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      // Pictures of layers that broke are gone: they are drawn again when the network is as it was.
      if (previews.size === 0 || keepOnly(report.layers.map(({ id }) => id))) shown = '';
      const scene = experiment && info && report.multiplyAdds <= MOST_WORK ? sceneOf(experiment, report, info) : null;
      const key = JSON.stringify(scene && [scene.seed, scene.data, scene.network]);
      if (!scene || key === shown) return;
      shown = key;
      show(scene, stop.signal).catch((error: unknown) => {
        shown = '';
        if (stop.signal.aborted) return;
        keepOnly([]);
        console.warn('No previews.', error); // the report, or the run itself, says why
      });
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  });
}

async function show({ info, data, ...scene }: Scene, signal: AbortSignal): Promise<void> {
  const sample = await sampleOf({ info, data, seed: scene.seed }, signal);
  const { layers } = await doTask('preview', { ...scene, info, sample }, signal);
  if (signal.aborted) return;
  // The input's card shows the dataset itself.
  const inputs = new Set(scene.network.nodes.flatMap(({ id, kind }) => (kind === 'input' ? [id] : [])));
  const shown = layers.filter(({ node }) => !inputs.has(node));
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

async function sampleOf({ info, seed, data }: Omit<Scene, 'network'>, signal: AbortSignal): Promise<Sample> {
  const { augment: _, ...taking } = data;
  const key = JSON.stringify([seed, taking]);
  if (taken?.key === key) return taken.sample;
  const dataset = await loadDataset(info.name);
  const sample = await doTask('sample', { seed, data, dataset, count: EXAMPLES }, signal);
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
