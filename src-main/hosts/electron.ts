/**
 * The desktop host: one window, the LabApi over IPC, SQLite in this process. Training happens in the page's workers.
 * With preload.ts the only file that knows Electron; started by Electron itself.
 */
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  protocol,
  screen,
  session,
  type IpcMainEvent,
  type MenuItemConstructorOptions
} from 'electron';
import { flattenError } from '../../src-worker/contract/errors.ts';
import { BRIDGE } from '../../src-worker/contract/transport.ts';
import { installFolder } from '../installation.ts';
import { bytesDoor } from '../lab/bytes.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import { serveApi } from '../rpc.ts';
import { openStore } from '../store/store.ts';
import { answerApp, ORIGIN, SCHEME } from './desktop/app-protocol.ts';
import { LEAVE, leaveQuestion } from './desktop/leave-question.ts';
import { MIN_SIZE, readWindowState, writeWindowState } from './desktop/window-state.ts';
import { exitCodeOfError } from './exit-codes.ts';
import { databaseFile } from './folders.ts';
import { openUserDatasets } from './user-datasets.ts';

/** `electron-vite dev` serves the page itself; a packaged app never listens to this. */
const devUrl = (!app.isPackaged && process.env.ELECTRON_RENDERER_URL) || undefined;
const pageOrigin = devUrl ? new URL(devUrl).origin : ORIGIN;
const isOwn = (url: string) => url === pageOrigin || url.startsWith(`${pageOrigin}/`);
/** Copying an error's details; everything else that a page can ask for is refused. */
const GRANTED = 'clipboard-sanitized-write';

async function start(): Promise<void> {
  const datasets = openUserDatasets();
  const store = await openStore(databaseFile(app.commandLine.getSwitchValue('db') || undefined));
  const lab = createLab({ host: 'desktop', store, datasets });
  app.once('will-quit', () => {
    lab.close();
    store.close();
  });
  protocol.handle(SCHEME, answerApp(join(installFolder, 'out', 'renderer'), bytesDoor({ datasets, store, lab })));
  lockSession();
  Menu.setApplicationMenu(Menu.buildFromTemplate(menu()));
  await openWindow(lab);
}

/** No permission, no remote content, no device. */
function lockSession(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((contents, permission, answer) =>
    answer(permission === GRANTED && isOwn(contents.getURL()))
  );
  defaultSession.setPermissionCheckHandler((_contents, permission, origin) => permission === GRANTED && isOwn(origin));
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isLocal(url) }));
}

const isLocal = (url: string) =>
  isOwn(url) ||
  /^(blob|data|devtools):/.test(url) ||
  (devUrl !== undefined && url.startsWith(pageOrigin.replace('http', 'ws')));

async function openWindow(lab: Lab): Promise<void> {
  const stateFile = join(app.getPath('userData'), 'window.json');
  const { isMaximized, ...bounds } = readWindowState(
    stateFile,
    screen.getAllDisplays().map(({ workArea }) => workArea)
  );
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(installFolder, 'out', 'preload', 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false
    }
  });
  if (isMaximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () =>
    writeWindowState(stateFile, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() })
  );
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  keepInPlace(window);
  askBeforeLeaving(window);
  connectPages(window, lab);
  await window.loadURL(devUrl ?? `${ORIGIN}/`);
}

function keepInPlace({ webContents }: BrowserWindow): void {
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const stay = (event: { url: string; preventDefault(): void }) => {
    if (!isOwn(event.url)) event.preventDefault();
  };
  webContents.on('will-frame-navigate', stay);
  webContents.on('will-redirect', stay);
  webContents.on('will-attach-webview', (event) => event.preventDefault());
}

/** The page objects to being left while it trains. Only a person is asked: a signal has nobody to answer. */
function askBeforeLeaving(window: BrowserWindow): void {
  let isEnding = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      isEnding = true;
      app.quit();
    });
  window.webContents.on('will-prevent-unload', (event) => {
    if (isEnding || dialog.showMessageBoxSync(window, leaveQuestion(app.getLocale())) === LEAVE) event.preventDefault();
  });
}

/** Each page that the window loads has a connection of its own: a reload ends what the page before it was training. */
function connectPages(window: BrowserWindow, lab: Lab): void {
  const { webContents } = window;
  let end = () => {};

  function connect(): void {
    end();
    const connection = lab.connect((ids) => peer.runsChanged(ids));
    let receive: (message: unknown) => void = () => {};
    const onMessage = (event: IpcMainEvent, message: unknown) => {
      const isPage = event.sender === webContents && event.senderFrame === webContents.mainFrame;
      if (isPage && isOwn(event.senderFrame?.url ?? '')) receive(message);
    };
    const peer = serveApi(
      connection.api,
      {
        post: (message) => {
          if (!webContents.isDestroyed()) webContents.send(BRIDGE, message);
        },
        on: (listener) => (receive = listener)
      },
      () => webContents.reload()
    );
    ipcMain.on(BRIDGE, onMessage);
    end = () => {
      ipcMain.off(BRIDGE, onMessage);
      peer.close();
      connection.close();
      end = () => {};
    };
  }

  // Not when a navigation starts: it may still be refused, and the page that stays goes on training.
  webContents.on('did-navigate', connect);
  webContents.on('render-process-gone', () => end());
  window.once('closed', () => end());
}

/** What the keyboard shortcuts of editing, zooming and the window hang on. */
function menu(): MenuItemConstructorOptions[] {
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const])
  ];
  return [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : [{ role: 'fileMenu' } as const]),
    { role: 'editMenu' },
    { label: 'View', submenu: view },
    { role: 'windowMenu' }
  ];
}

function fail(error: unknown): void {
  const { code, message } = flattenError(error);
  process.stderr.write(`caviar: ${message}\n`);
  dialog.showErrorBox('Caviar cannot start', message);
  app.exit(exitCodeOfError(code));
}

if (app.requestSingleInstanceLock()) {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }
    }
  ]);
  app.enableSandbox();
  app.on('window-all-closed', () => app.quit());
  // Not awaited at the top level: Electron waits for an ESM entry to settle before it becomes ready.
  app.whenReady().then(start).catch(fail);
} else app.quit();
