/**
 * Who may talk to the browser host.
 *
 * On the loopback address: any program of this computer, but no other web site: not by a request of its own (Origin), not by a name
 * that it points at 127.0.0.1 (Host; “DNS rebinding”). On another address also: only who was given the room's URL with its token.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];
export const isLoopback = (host: string): boolean => ['127.0.0.1', 'localhost', '::1'].includes(host);

export interface Guests {
  /** null on the loopback address. */
  readonly token: string | null;
  /** The address under which this host was reached is one of its own. */
  hasKnownHost(request: IncomingMessage): boolean;
  /** The page that opens the socket came from here. */
  hasOwnOrigin(request: IncomingMessage): boolean;
  mayEnter(request: IncomingMessage): boolean;
  /** `Set-Cookie` for a request whose URL holds the token, else null. */
  admit(url: URL): string | null;
}

export function guestsOf(host: string): Guests {
  const names = new Set(isLoopback(host) ? loopbackNames : [...loopbackNames, ...namesOf(host)]);
  const token = isLoopback(host) ? null : randomBytes(16).toString('base64url');
  return {
    token,
    hasKnownHost: ({ headers }) => names.has((headers.host ?? '').replace(/:\d+$/, '').toLowerCase()),
    hasOwnOrigin: ({ headers }) => headers.origin === `http://${headers.host}`,
    mayEnter: ({ headers }) => token === null || isSame(cookie(headers.cookie ?? ''), token),
    admit: (url) =>
      token !== null && isSame(url.searchParams.get('token') ?? '', token)
        ? `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400`
        : null
  };
}

const COOKIE = 'caviar-room';

function cookie(header: string): string {
  const pairs = header.split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === COOKIE)?.[1] ?? '';
}

/** Takes the same time wherever the first difference lies. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function namesOf(host: string): string[] {
  const own = hostname().toLowerCase();
  return [host.toLowerCase(), own, `${own}.local`, ...networkAddresses()].map((name) =>
    name.includes(':') ? `[${name}]` : name
  );
}

/** This computer's addresses on its networks. */
export const networkAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((interfaces) =>
    (interfaces ?? []).filter(({ internal }) => !internal).map(({ address }) => address)
  );
