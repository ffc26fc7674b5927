import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LabError } from '../../../src-worker/contract/errors.ts';

export const DEFAULT_PORT = 4747;
const ATTEMPTS = 20;

/**
 * Listens and answers the port: exactly `port` when it was asked for (0: any), else the first free one from the default on.
 * Throws: `port_unavailable`.
 */
export async function listen(server: Server, host: string, port: number | undefined): Promise<number> {
  const candidates = port === undefined ? Array.from({ length: ATTEMPTS }, (_, i) => DEFAULT_PORT + i) : [port];
  for (const candidate of candidates) {
    const failure = await attempt(server, host, candidate);
    if (failure === null) return (server.address() as AddressInfo).port;
    if (failure.code !== 'EADDRINUSE') throw unavailable(host, `port ${candidate}`, failure.code ?? failure.message);
  }
  const tried =
    candidates.length === 1 ? `port ${candidates[0]}` : `the ports ${candidates[0]} to ${candidates.at(-1)}`;
  throw unavailable(host, tried, 'in use by another program');
}

function attempt(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException) => resolve(error);
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve(null);
    });
  });
}

const unavailable = (host: string, tried: string, reason: string) =>
  new LabError(
    'port_unavailable',
    `Caviar cannot listen on ${host}, ${tried}: ${reason}. Choose another with --port N.`,
    {
      host,
      tried,
      reason
    }
  );
