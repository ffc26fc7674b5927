/**
 * The page's end of LabApi, over the desktop's bridge or the browser host's WebSocket. A WebSocket that breaks is opened again, with
 * growing pauses; calls that were under way are rejected with `Disconnected`, for only the caller knows whether it may ask twice.
 */
import { createBirpc } from 'birpc';
import type { LabApi, LabEvents } from '../../src-worker/contract/lab-api.ts';
import { BRIDGE, RPC_PATH, type Transport } from '../../src-worker/contract/transport.ts';
import { isWireMessage, pack, unpack } from '../../src-worker/contract/wire.ts';

export class Disconnected extends Error {
  constructor() {
    super('The lab does not answer; the page keeps trying to reach it.');
    this.name = 'Disconnected';
  }
}

export interface Connection {
  readonly api: LabApi;
  /** Resolves at once while connected, else when the connection is there again. */
  ready(): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

export function connect(events: LabEvents, onStatus: (connected: boolean) => void): Connection {
  const bridge = (globalThis as { [BRIDGE]?: Transport })[BRIDGE];
  if (!bridge) return connectSocket(events, onStatus);
  onStatus(true);
  return { api: call(events, bridge).api, ready: () => Promise.resolve() };
}

function connectSocket(events: LabEvents, onStatus: (connected: boolean) => void): Connection {
  const url = new URL(RPC_PATH, location.href.replace(/^http/, 'ws'));
  let socket: WebSocket;
  let pauseMs = FIRST_PAUSE_MS;
  let waiting = Promise.withResolvers<null>();
  let listener: (message: unknown) => void = () => undefined;

  const { api, rejectPending } = call(events, {
    post(message) {
      if (socket.readyState !== WebSocket.OPEN) throw new Disconnected();
      socket.send(JSON.stringify(message));
    },
    on: (fn) => (listener = fn)
  });

  const open = () => {
    socket = new WebSocket(url);
    socket.onmessage = ({ data }) => listener(JSON.parse(data as string));
    socket.onopen = () => {
      pauseMs = FIRST_PAUSE_MS;
      waiting.resolve(null);
      onStatus(true);
    };
    socket.onclose = () => {
      waiting.resolve(null); // who waits looks again and waits for the next one
      waiting = Promise.withResolvers();
      onStatus(false);
      rejectPending();
      setTimeout(open, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    };
  };
  open();
  const ready = async (): Promise<void> => {
    while (socket.readyState !== WebSocket.OPEN) await waiting.promise;
  };
  return { api, ready };
}

function call(events: LabEvents, transport: Transport) {
  const rpc = createBirpc<LabApi, LabEvents>(events, {
    post: (message) => transport.post(message),
    on: (listener) => transport.on((message) => isWireMessage(message) && listener(message)),
    serialize: pack,
    deserialize: unpack
  });
  return {
    api: rpc as unknown as LabApi,
    rejectPending: () => void rpc.$rejectPendingCalls(({ reject }) => reject(new Disconnected()))
  };
}
