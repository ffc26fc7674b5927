/** The LabApi over WebSockets: one connection to the lab per page. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { RPC_PATH } from '../../../src-worker/contract/transport.ts';
import type { Lab } from '../../lab/lab.ts';
import { serveApi } from '../../rpc.ts';
import type { Guests } from './guests.ts';

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** A page whose computer was closed or lost its network is noticed after two of these. */
const PING_EVERY_MS = 30_000;
const UNSUPPORTED_DATA = 1003;
/** A page that is closed or left says so; a broken network does not. */
const NO_FAREWELL = 1006;

export function serveSockets(server: Server, guests: Guests, lab: Lab): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, clientTracking: true });
  server.on('upgrade', (request, stream, head) => {
    const refusal = refusalOf(request, guests);
    if (refusal) return refuse(stream, refusal);
    sockets.handleUpgrade(request, stream, head, (socket) => attend(socket, lab));
  });
  return sockets;
}

function refusalOf(request: IncomingMessage, guests: Guests): string | null {
  if (request.url !== RPC_PATH) return '404 Not Found';
  if (!guests.hasKnownHost(request) || !guests.hasOwnOrigin(request)) return '403 Forbidden';
  return guests.mayEnter(request) ? null : '401 Unauthorized';
}

function refuse(stream: Duplex, status: string): void {
  stream.on('error', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function attend(socket: WebSocket, lab: Lab): void {
  const connection = lab.connect((ids) => peer.runsChanged(ids));
  const peer = serveApi(
    connection.api,
    {
      post: (message) => {
        if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
      },
      on: (receive) => socket.on('message', (data, isBinary) => receive(isBinary ? null : parse(data)))
    },
    () => socket.close(UNSUPPORTED_DATA, 'This is not a message of Caviar.')
  );
  const pinging = keepAlive(socket);
  // A broken frame ends its own socket, never the host; ws closes it after this event.
  socket.on('error', () => socket.terminate());
  socket.once('close', (code) => {
    clearInterval(pinging);
    peer.close();
    if (code === NO_FAREWELL) connection.lose();
    else connection.close();
  });
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return null; // No message, which serveApi answers by closing the socket.
  }
}

function keepAlive(socket: WebSocket): NodeJS.Timeout {
  let hasAnswered = true;
  socket.on('pong', () => (hasAnswered = true));
  return setInterval(() => {
    if (!hasAnswered) return socket.terminate();
    hasAnswered = false;
    socket.ping();
  }, PING_EVERY_MS);
}
