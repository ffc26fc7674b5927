/** What a page fetches or sends as bytes, the same in both hosts: datasets and checkpoints. */
import { checkpointSchema, MOST_CHECKPOINT_BYTES } from '../../src-worker/contract/checkpoint.ts';
import { flattenError, LabError, type ErrorCode } from '../../src-worker/contract/errors.ts';
import { CHECKPOINT_HEADER, CLAIM_HEADER } from '../../src-worker/contract/transport.ts';
import type { Datasets } from '../datasets/datasets.ts';
import type { Store } from '../store/store.ts';
import { keepDatasetBytes } from './dataset-bytes.ts';
import type { Lab } from './lab.ts';

export interface BytesRequest {
  readonly method: string;
  readonly pathname: string;
  header(name: string): string | null;
  /** Throws: `bad_request` where there are more than `most` bytes. */
  body(most: number): Promise<Uint8Array>;
}

/** `body`: bytes, or an error as JSON. */
export interface BytesAnswer {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer> | string;
}

/** null: this path is none of these. */
export type BytesDoor = (request: BytesRequest) => Promise<BytesAnswer> | null;

type Handler = (request: BytesRequest, ...parts: string[]) => Promise<Uint8Array<ArrayBuffer> | null>;

/** Any other path, however it is written, is none of them. */
const DATASET = /^\/datasets\/([a-z0-9][a-z0-9-]{0,63})$/;
const CHECKPOINTS = /^\/checkpoints\/([1-9]\d{0,14})$/;
const CHECKPOINT = /^\/checkpoints\/([1-9]\d{0,14})\/([1-9]\d{0,14})$/;

export function bytesDoor({ datasets, store, lab }: { datasets: Datasets; store: Store; lab: Lab }): BytesDoor {
  const datasetBytes = keepDatasetBytes(datasets);
  const routes: readonly [RegExp, method: string, Handler][] = [
    [DATASET, 'GET', (_, name) => datasetBytes(name!)],
    [CHECKPOINT, 'GET', async (_, run, number) => Uint8Array.from(store.getCheckpoint(Number(run), Number(number)))],
    [CHECKPOINTS, 'POST', (request, run) => keep(lab, Number(run), request)]
  ];
  return (request) => {
    const asked = request.method === 'HEAD' ? 'GET' : request.method;
    for (const [path, method, handle] of routes) {
      const [, ...parts] = path.exec(request.pathname) ?? [];
      if (parts.length > 0) return method === asked ? answer(() => handle(request, ...parts)) : refused(method);
    }
    return null;
  };
}

async function keep(lab: Lab, run: number, request: BytesRequest): Promise<null> {
  const claim = request.header(CLAIM_HEADER) ?? '';
  const about = checkpointSchema.safeParse(parsed(request.header(CHECKPOINT_HEADER)));
  if (!about.success)
    throw new LabError('bad_request', `The header ${CHECKPOINT_HEADER} does not describe a checkpoint.`, { run });
  await lab.saveCheckpoint(run, claim, about.data, () => request.body(MOST_CHECKPOINT_BYTES));
  return null;
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null; // the schema refuses it
  }
}

const statuses: Partial<Record<ErrorCode, number>> = {
  bad_request: 400,
  checkpoint_not_found: 404,
  dataset_not_found: 404,
  forbidden: 403,
  run_already_ended: 409,
  run_not_found: 404
};

async function answer(handle: () => ReturnType<Handler>): Promise<BytesAnswer> {
  try {
    const body = await handle();
    return { status: body ? 200 : 204, body: body ?? '' };
  } catch (error) {
    const flat = flattenError(error);
    return { status: statuses[flat.code] ?? 500, body: JSON.stringify(flat) };
  }
}

const refused = async (method: string): Promise<BytesAnswer> => {
  const error = new LabError('bad_request', `This path answers ${method} alone.`);
  return { status: 405, body: JSON.stringify(flattenError(error)) };
};
