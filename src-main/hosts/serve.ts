/**
 * The browser host: serves the page, the datasets and the LabApi to browsers on this computer or, when asked, in the same room.
 * Training happens in the visitors' browsers; this process keeps the history.
 */
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Datasets } from '../datasets/datasets.ts';
import { installFolder } from '../installation.ts';
import { bytesDoor } from '../lab/bytes.ts';
import { createLab } from '../lab/lab.ts';
import type { Store } from '../store/store.ts';
import { guestsOf, networkAddresses } from './http/guests.ts';
import { listen } from './http/listen.ts';
import { servePages } from './http/pages.ts';
import { serveSockets } from './http/sockets.ts';

export interface ServeOptions {
  store: Store;
  datasets: Datasets;
  host?: string | undefined;
  /** undefined: the first free port. */
  port?: number | undefined;
}

export interface Served {
  port: number;
  /** What to open, with the room's token where there is one. */
  urls: string[];
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 512;

/** Throws: `port_unavailable`. */
export async function serve({ store, datasets, host = '127.0.0.1', port }: ServeOptions): Promise<Served> {
  const guests = guestsOf(host);
  const lab = createLab({ host: 'browser', store, datasets });
  const server = createServer(
    servePages(join(installFolder, 'out', 'renderer'), guests, bytesDoor({ datasets, store, lab }))
  );
  server.maxConnections = MAX_CONNECTIONS;
  const sockets = serveSockets(server, guests, lab);
  try {
    const bound = await listen(server, host, port);
    return { port: bound, urls: urlsOf(host, bound, guests.token), close };
  } catch (error) {
    lab.close();
    throw error;
  }

  async function close(): Promise<void> {
    lab.close();
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function urlsOf(host: string, port: number, token: string | null): string[] {
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const names = isEverywhere
    ? ['127.0.0.1', ...networkAddresses().filter((address) => !address.includes(':'))]
    : [host];
  const query = token === null ? '' : `?token=${token}`;
  return names.map((name) => `http://${name.includes(':') ? `[${name}]` : name}:${port}/${query}`);
}
