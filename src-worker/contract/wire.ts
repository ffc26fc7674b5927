/**
 * birpc's messages between page and host: JSON text over a WebSocket, structured clones over Electron's IPC. Both ends of both use
 * `pack` and `unpack` as birpc's `serialize` and `deserialize`, so that an error arrives as the LabError it was.
 *
 * A request is `{ t: 'q', i, m, a }`, a reply `{ t: 's', i, r }` or `{ t: 's', i, e }` with `e` a FlatError.
 */
import { flatErrorSchema, flattenError, LabError, reviveError } from './errors.ts';

type Message = Record<string, unknown>;

export function pack(message: Message): Message {
  return 'e' in message ? { ...message, e: flattenError(message.e) } : message;
}

export function unpack(message: Message): Message {
  return 'e' in message ? { ...message, e: revive(message.e) } : message;
}

/** True for what birpc may be given: anything else comes from a broken or hostile peer. */
export function isWireMessage(message: unknown): message is Message {
  if (typeof message !== 'object' || message === null) return false;
  const { t, i, m, a } = message as Message;
  if (t === 'q') return typeof m === 'string' && Array.isArray(a) && (i === undefined || typeof i === 'string');
  return t === 's' && typeof i === 'string';
}

function revive(value: unknown): LabError {
  const { success, data } = flatErrorSchema.safeParse(value);
  return success
    ? reviveError(data)
    : new LabError('internal', 'The host answered with an error that it did not describe.');
}
