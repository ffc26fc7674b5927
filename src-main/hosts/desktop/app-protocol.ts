/** Answers `app://caviar/…`: the page's files from one folder, datasets and checkpoints, nothing else. */
import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { BytesAnswer, BytesDoor, BytesRequest } from '../../lab/bytes.ts';
import { contentTypeOf, headersFor } from '../../security.ts';

export const SCHEME = 'app';
export const ORIGIN = `${SCHEME}://caviar`;

export function answerApp(folder: string, door: BytesDoor): (request: Request) => Promise<Response> {
  return async (request) => {
    const { method } = request;
    const { host, pathname } = new URL(request.url);
    if (host !== 'caviar') return refuse(404, 'There is no such host.');
    const answering = door(bytesRequest(request, pathname));
    if (!answering && method !== 'GET' && method !== 'HEAD') return refuse(405, 'Only GET and HEAD are answered here.');
    const answer = answering ? sendBytes(await answering) : await sendFile(folder, pathname);
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

const bytesRequest = (request: Request, pathname: string): BytesRequest => ({
  method: request.method,
  pathname,
  header: (name) => request.headers.get(name),
  async body(most) {
    const bytes = new Uint8Array(await request.arrayBuffer());
    if (bytes.length > most) throw new LabError('bad_request', `More than ${most} bytes were sent.`, { most });
    return bytes;
  }
});

function sendBytes({ status, body }: BytesAnswer): Response {
  const type = contentTypeOf(typeof body === 'string' ? 'error.json' : 'bytes');
  return send(status, status === 204 ? null : body, type);
}

const refuse = (status: number, reason: string) => send(status, reason, contentTypeOf('reason.txt'));

const send = (status: number, body: BodyInit | null, contentType: string, pathname = '/') =>
  new Response(body, { status, headers: { ...headersFor(pathname), 'Content-Type': contentType } });
