import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = join(import.meta.dirname, '../../..');
const support = join(root, 'tests/support');
const built = join(root, 'out/main/electron.js');
const worker = readdirSync(join(root, 'out/renderer/assets')).find((name) => /^web-worker-.*\.js$/.test(name))!;

// What the driver prints; its own file says what each part is.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Report = any;

/** The built main process in Node, on the recorded stand-in of Electron. */
async function drive(home: string, env: Record<string, string> = {}): Promise<Report> {
  const args = [
    '--import',
    pathToFileURL(join(support, 'with-electron-double.mjs')).href,
    join(support, 'drive-electron.mjs'),
    built,
    worker
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, CAVIAR_DB: '', CAVIAR_HOME: home, ELECTRON_RENDERER_URL: '', ...env }
  });
  return JSON.parse(stdout);
}

describe('the desktop host', () => {
  let seen: Report;
  beforeAll(async () => {
    seen = await drive(join(root, 'tests/.results/electron-home'));
  });

  it('opens one sandboxed window on its own protocol', () => {
    expect(seen.isSandboxed).toBe(true);
    expect(seen.preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false
    });
    expect(seen.schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }
      }
    ]);
    expect(seen.loaded).toEqual(['app://caviar/']);
    expect(seen.isShown).toBe(true);
  });

  it('sends its page isolated and under a strict policy', () => {
    expect(seen.page).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'x-content-type-options': 'nosniff'
      }
    });
    expect(seen.page.headers['content-security-policy']).toContain(`default-src 'none'; script-src 'self';`);
    expect(seen.worker.headers['content-security-policy']).toContain(`'wasm-unsafe-eval' 'unsafe-eval'`);
    expect(seen.head).toMatchObject({ status: 200, bytes: 0 });
  });

  it('gives out nothing but the page’s folder', () => {
    expect(seen.escapes.map(([path, status]: [string, number]) => [path, [403, 404].includes(status)])).toEqual(
      seen.escapes.map(([path]: [string]) => [path, true])
    );
    expect([seen.strangeHost, seen.post, seen.noDataset]).toEqual([404, 405, 404]);
  });

  it('answers a dataset’s address with its bytes', () => {
    expect(seen.dataset).toMatchObject({ status: 200, magic: 'CAVR' });
    expect(seen.dataset.bytes).toBeGreaterThan(1500 * 2 * 4);
  });

  it('answers its own page, errors whole', () => {
    expect(seen.hello).toMatchObject({ host: 'desktop' });
    expect(seen.refusal).toMatchObject({ code: 'run_not_found', details: { id: 999 } });
  });

  it('answers nobody else', () => {
    expect(new Set(Object.values(seen.strangers))).toEqual(new Set(['no reply']));
  });

  it('stays where it is: no navigation, window, webview', () => {
    expect(seen.popup).toEqual({ action: 'deny' });
    expect([seen.leaves, seen.leavesToLookalike, seen.redirected, seen.webview]).toEqual(Array(4).fill('prevented'));
    expect(seen.stays).toBe('allowed');
  });

  it('grants nothing but copying text, and fetches nothing from elsewhere', () => {
    expect(seen.permissions).toEqual({
      media: false,
      copy: true,
      copyElsewhere: false,
      checkMedia: false,
      device: false
    });
    expect(seen.requests).toEqual({ own: 'allowed', blob: 'allowed', remote: 'cancelled', file: 'cancelled' });
  });

  it('ends the runs of a page that is loaded again, not those of one that stayed', () => {
    expect(seen.statuses).toEqual({ afterRefusals: 'running', afterLoading: 'interrupted' });
  });

  it('asks a person before it leaves a page that trains, a signal never', () => {
    expect(seen.answers).toEqual(['stayed', 'left']);
    expect(seen.answerToSignal).toBe('left');
    expect(seen.questions).toHaveLength(2);
    expect(seen.questions[0]).toMatchObject({ buttons: ['Stay', 'Leave'], defaultId: 0, cancelId: 0 });
  });

  it.each([
    ['ja-JP', '続ける'],
    ['de', 'Stay']
  ])('asks in the language of the system: %s', async (locale, stay) => {
    const { questions } = await drive(temporaryFolder(), { DOUBLE_LOCALE: locale });
    expect(questions[0].buttons[0]).toBe(stay);
  });

  it('keeps the editing shortcuts in its menu', () => {
    expect(seen.menuRoles).toEqual(expect.arrayContaining(['editMenu', 'View', 'windowMenu']));
  });

  it('comes to the front when it is started again', async () => {
    expect(seen.focused).toBe(1);
    const second = await drive(temporaryFolder(), { DOUBLE_SECOND_INSTANCE: '1' });
    expect(second).toMatchObject({ exitCode: 0, windows: 0 });
  });

  it('says what is wrong with its database and ends', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'caviar.db'), 'no database at all, but long enough for a header '.repeat(20));
    const failed = await drive(home);
    expect(failed.exitCode).toBe(3);
    expect(failed.errorBoxes[0].text).toContain('is not an SQLite database');
  });
});

describe('the preload script', () => {
  it('needs nothing but electron and exposes one channel both ways', () => {
    const exposed: Record<string, { post(message: unknown): void; on(listener: (message: unknown) => void): void }> =
      {};
    const sent: unknown[][] = [];
    let deliver: (event: unknown, message: unknown) => void = () => undefined;
    const electron = {
      contextBridge: { exposeInMainWorld: (name: string, api: (typeof exposed)[string]) => (exposed[name] = api) },
      ipcRenderer: {
        send: (...message: unknown[]) => sent.push(message),
        on: (_channel: string, listener: typeof deliver) => (deliver = listener)
      }
    };
    const require = (name: string) => {
      if (name !== 'electron') throw new Error(`The sandbox has no ${name}.`);
      return electron;
    };
    runInNewContext(readFileSync(join(root, 'out/preload/index.cjs'), 'utf8'), { require, exports: {}, module: {} });
    const { caviarBridge } = exposed;
    caviarBridge!.post({ t: 'q' });
    expect(sent).toEqual([['caviarBridge', { t: 'q' }]]);
    const received: unknown[] = [];
    caviarBridge!.on((message) => received.push(message));
    deliver({ sender: 'kept from the page' }, { t: 's' });
    expect(received).toEqual([{ t: 's' }]);
    expect(Object.keys(exposed)).toEqual(['caviarBridge']);
  });
});
