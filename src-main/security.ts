/** What both hosts send with every file: isolation (SharedArrayBuffer needs it), a content security policy per kind of file, its type. */
import { extname } from 'node:path';

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer'
};

/** Svelte sets styles inline; a worker's own script decides what the worker may do, not the page that starts it. */
const policy = (script: string) =>
  [
    `default-src 'none'`,
    `script-src 'self'${script}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `worker-src 'self'`,
    `manifest-src 'self'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`
  ].join('; ');

/** gpu.js compiles kernels from text, the wasm backend compiles its module: in the training worker alone. */
const workerScript = /^\/assets\/web-worker-[\w-]+\.js$/;

export function headersFor(pathname: string): Record<string, string> {
  const script = workerScript.test(pathname) ? ` 'wasm-unsafe-eval' 'unsafe-eval'` : '';
  return { ...isolation, 'Content-Security-Policy': policy(script) };
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8'
};

/** Not left to the system, whose registry may call a script plain text. */
export const contentTypeOf = (pathname: string): string =>
  contentTypes[extname(pathname).toLowerCase()] ?? 'application/octet-stream';
