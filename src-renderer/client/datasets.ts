/** Datasets in the page: fetched once, kept in shared memory where the page may have it, lent to every run and thumbnail. */
import { decodeDataset, type Dataset } from '../../src-worker/contract/dataset.ts';
import { LabError, reviveError, type FlatError } from '../../src-worker/contract/errors.ts';
import { datasetUrl } from '../../src-worker/contract/transport.ts';

/** Sets kept at once; the one that was asked for longest ago goes first. */
const KEPT = 3;
const cache = new Map<string, Promise<Dataset>>();

/** Throws: `dataset_not_found`, `bad_dataset`, `internal` as the host answers. */
export function loadDataset(name: string): Promise<Dataset> {
  const known = cache.get(name);
  cache.delete(name);
  const dataset = known ?? fetchDataset(name);
  cache.set(name, dataset);
  for (const oldest of [...cache.keys()].slice(0, -KEPT)) cache.delete(oldest);
  dataset.catch(() => cache.get(name) === dataset && cache.delete(name)); // the next caller tries again
  return dataset;
}

async function fetchDataset(name: string): Promise<Dataset> {
  const response = await fetch(datasetUrl(name)).catch((error: unknown) => {
    throw new LabError('internal', `The dataset “${name}” could not be loaded: the lab does not answer.`, {
      name,
      reason: String(error)
    });
  });
  if (!response.ok) throw await errorOf(response, name);
  return decodeDataset(shared(await response.arrayBuffer()));
}

function shared(buffer: ArrayBuffer): ArrayBufferLike {
  if (!globalThis.crossOriginIsolated) return buffer;
  const memory = new SharedArrayBuffer(buffer.byteLength);
  new Uint8Array(memory).set(new Uint8Array(buffer));
  return memory;
}

async function errorOf(response: Response, name: string): Promise<LabError> {
  const flat = (await response.json().catch(() => null)) as Partial<FlatError> | null;
  return typeof flat?.code === 'string' && typeof flat.message === 'string'
    ? reviveError({ details: {}, ...(flat as Pick<FlatError, 'code' | 'message'>) })
    : new LabError('dataset_not_found', `The dataset “${name}” could not be loaded (HTTP ${response.status}).`, {
        name
      });
}
