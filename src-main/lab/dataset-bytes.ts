/** Datasets as the bytes that a page fetches, for both hosts: encoded once, kept for the next page. */
import { encodeDataset } from '../../src-worker/contract/dataset.ts';
import type { Datasets } from '../datasets/datasets.ts';

/** Throws: `dataset_not_found`, `bad_dataset`. */
export type DatasetBytes = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

const MAX_KEPT = 3;

export function keepDatasetBytes(datasets: Datasets): DatasetBytes {
  const kept = new Map<string, { key: string; bytes: Promise<Uint8Array<ArrayBuffer>> }>();
  return async (name) => {
    // Imported again or fetched anew: other counts or another origin.
    const key = JSON.stringify(await datasets.info(name));
    const known = kept.get(name);
    if (known?.key === key) return known.bytes;
    const bytes = datasets.load(name).then(encodeDataset);
    kept.delete(name);
    kept.set(name, { key, bytes });
    for (const oldest of [...kept.keys()].slice(0, -MAX_KEPT)) kept.delete(oldest);
    bytes.catch(() => kept.delete(name)); // A failure is told to its caller and tried again by the next one.
    return bytes;
  };
}
