/** The page's files and the datasets over HTTP. Nothing else can be fetched, and nothing can be sent here. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { flattenError } from '../../../src-worker/contract/errors.ts';
import type { DatasetBytes } from '../../lab/dataset-bytes.ts';
import { contentTypeOf, datasetInPath, headersFor } from '../../security.ts';
import type { Guests } from './guests.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export function servePages(folder: string, guests: Guests, datasetBytes: DatasetBytes): Answer {
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
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response.setHeader('Allow', 'GET, HEAD'), 405, 'Only GET and HEAD are answered here.');
    const admission = guests.admit(url);
    if (admission) return response.writeHead(303, { 'Set-Cookie': admission, Location: '/' }).end();
    if (!guests.mayEnter(request))
      return refuse(response, 401, 'Open the whole URL that Caviar printed, with its token.');
    const dataset = datasetInPath(url.pathname);
    if (dataset !== null) return void sendDataset(dataset, datasetBytes, request, response);
    files(request, response, () => refuse(response, 404, 'There is no such page.'));
  };
}

async function sendDataset(
  name: string,
  datasetBytes: DatasetBytes,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  try {
    const bytes = await datasetBytes(name);
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': bytes.length,
      'Cache-Control': 'no-cache'
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  } catch (error) {
    const flat = flattenError(error);
    response.writeHead(flat.code === 'dataset_not_found' ? 404 : 500, { 'Content-Type': contentTypeOf('error.json') });
    response.end(JSON.stringify(flat));
  }
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'Content-Type': contentTypeOf('reason.txt') }).end(`${reason}\n`);
}
