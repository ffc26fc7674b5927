/** Answers `app://caviar/…`: the page's files from one folder and the datasets, nothing else. */
import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { flattenError } from '../../../src-worker/contract/errors.ts';
import type { DatasetBytes } from '../../lab/dataset-bytes.ts';
import { contentTypeOf, datasetInPath, headersFor } from '../../security.ts';

export const SCHEME = 'app';
export const ORIGIN = `${SCHEME}://caviar`;

export function answerApp(folder: string, datasetBytes: DatasetBytes): (request: Request) => Promise<Response> {
  return async ({ method, url }) => {
    const { host, pathname } = new URL(url);
    if (host !== 'caviar') return refuse(404, 'There is no such host.');
    if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'Only GET and HEAD are answered here.');
    const dataset = datasetInPath(pathname);
    const answer = dataset === null ? await sendFile(folder, pathname) : await sendDataset(dataset, datasetBytes);
    return method === 'HEAD' ? new Response(null, answer) : answer;
  };
}

async function sendFile(folder: string, pathname: string): Promise<Response> {
  const file = fileOf(folder, pathname === '/' ? '/index.html' : pathname);
  if (file === null) return refuse(403, 'This path leads out of the page’s folder.');
  try {
    return send(200, await readFile(file), contentTypeOf(file), pathname);
  } catch {
    return refuse(404, 'There is no such file.'); // Missing or a folder: the page may not learn which.
  }
}

/** null where the path, decoded, leads out of `folder`. */
function fileOf(folder: string, pathname: string): string | null {
  try {
    const file = join(folder, decodeURIComponent(pathname));
    return file.startsWith(folder + sep) && !file.includes('\0') ? file : null;
  } catch {
    return null; // Not decodable: no file has such a name.
  }
}

async function sendDataset(name: string, datasetBytes: DatasetBytes): Promise<Response> {
  try {
    return send(200, await datasetBytes(name), contentTypeOf(name));
  } catch (error) {
    const flat = flattenError(error);
    return send(flat.code === 'dataset_not_found' ? 404 : 500, JSON.stringify(flat), contentTypeOf('error.json'));
  }
}

const refuse = (status: number, reason: string) => send(status, reason, contentTypeOf('reason.txt'));

const send = (status: number, body: BodyInit, contentType: string, pathname = '/') =>
  new Response(body, { status, headers: { ...headersFor(pathname), 'Content-Type': contentType } });
