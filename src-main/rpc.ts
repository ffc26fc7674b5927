/** Serves a LabApi over any transport: Electron's IPC, a WebSocket, a MessagePort in a test. */
import { createBirpc } from 'birpc';
import { LabError } from '../src-worker/contract/errors.ts';
import { labApi, type LabApi, type LabEvents } from '../src-worker/contract/lab-api.ts';
import type { Transport } from '../src-worker/contract/transport.ts';
import { isWireMessage, pack, unpack } from '../src-worker/contract/wire.ts';

export interface Peer {
  runsChanged(ids: number[]): void;
  close(): void;
}

/** `transport.post` must not throw. `onBadMessage`: something arrived that is no message at all; the transport decides what becomes of its sender. */
export function serveApi(api: LabApi, transport: Transport, onBadMessage: () => void): Peer {
  const rpc = createBirpc<LabEvents, LabApi>(api, {
    post: (message) => transport.post(message),
    on: (receive) => transport.on((message) => (isWireMessage(message) ? receive(message) : onBadMessage())),
    serialize: pack,
    deserialize: unpack,
    timeout: -1,
    resolver: (name) =>
      Object.hasOwn(labApi, name) ? (api[name as keyof LabApi] as () => unknown) : unknownMethod(name),
    onFunctionError: (error, name) => {
      if (!(error instanceof LabError)) process.stderr.write(`${name} failed: ${error.stack ?? error.message}\n`);
    },
    // The page went while it was being answered.
    onGeneralError: () => true
  });
  return {
    runsChanged(ids) {
      if (!rpc.$closed) void rpc.runsChanged.asEvent(ids);
    },
    close: () => rpc.$close()
  };
}

const unknownMethod = (name: string) => () => {
  throw new LabError('bad_request', `This Caviar knows no “${name.slice(0, 64)}”. Reload the page.`);
};
