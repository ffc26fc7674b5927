/** The page's files, datasets and checkpoints over HTTP. Nothing else can be fetched or sent. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { BytesAnswer, BytesDoor, BytesRequest } from '../../lab/bytes.ts';
import { contentTypeOf, headersFor } from '../../security.ts';
import type { Guests } from './guests.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const isReading = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';
/** Only a page of this very host may send anything. */
const mayWrite = (request: IncomingMessage, guests: Guests): boolean =>
  isReading(request) || guests.hasOwnOrigin(request);

export function servePages(folder: string, guests: Guests, door: BytesDoor): Answer {
  const files = sirv(folder, {
    etag: true,
    setHeaders: (response, pathname) => {
      response.setHeader('Content-Type', contentTypeOf(pathname === '/' ? 'index.html' : pathname));
      // Assets carry a hash of their content in their names; the page itself is asked for each time.
      const isAsset = pathname.startsWith('/assets/');
      response.setHeader('Cache-Control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
    }
  });

  return (request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://caviar');
    for (const [name, value] of Object.entries(headersFor(url?.pathname ?? '/'))) response.setHeader(name, value);
    if (!url) return refuse(response, 400, 'This is not an address.');
    if (!guests.hasKnownHost(request)) return refuse(response, 421, 'Open Caviar under the address that it printed.');
    const admission = guests.admit(url);
    if (admission) return response.writeHead(303, { 'Set-Cookie': admission, Location: '/' }).end();
    if (!guests.mayEnter(request))
      return refuse(response, 401, 'Open the whole URL that Caviar printed, with its token.');
    const answering = mayWrite(request, guests) ? door(bytesRequest(request, url.pathname)) : null;
    if (answering) return void sendBytes(answering, request.method === 'HEAD', response);
    if (!isReading(request))
      return refuse(response.setHeader('Allow', 'GET, HEAD'), 405, 'Only GET and HEAD are answered here.');
    files(request, response, () => refuse(response, 404, 'There is no such page.'));
  };
}

async function sendBytes(answering: Promise<BytesAnswer>, isHead: boolean, response: ServerResponse): Promise<void> {
  const { status, body } = await answering;
  const type = typeof body === 'string' ? contentTypeOf('error.json') : 'application/octet-stream';
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': lengthOf(body), 'Cache-Control': 'no-cache' });
  response.end(isHead ? undefined : body);
}

const lengthOf = (body: BytesAnswer['body']): number =>
  typeof body === 'string' ? Buffer.byteLength(body) : body.length;

const bytesRequest = (request: IncomingMessage, pathname: string): BytesRequest => ({
  method: request.method ?? 'GET',
  pathname,
  header: (name) => request.headers[name]?.toString() ?? null,
  async body(most) {
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > most) throw new LabError('bad_request', `More than ${most} bytes were sent.`, { most });
      parts.push(part);
    }
    return Buffer.concat(parts);
  }
});

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'Content-Type': contentTypeOf('reason.txt') }).end(`${reason}\n`);
}
