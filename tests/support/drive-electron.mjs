/**
 * Loads the built Electron main process against the double, plays a page, a stranger and a system, and prints what it saw as JSON.
 * Argument: the built main file.
 */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { app, ipcMain, record } from 'electron';

const CHANNEL = 'caviarBridge';
const PAGE = 'app://caviar/';
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

await import(pathToFileURL(process.argv[2]).href);
for (let waited = 0; record.loaded.length === 0 && record.exitCode === null && waited < 5000; waited += 10)
  await pause(10);
if (record.exitCode !== null)
  finish({ exitCode: record.exitCode, errorBoxes: record.errorBoxes, windows: record.windows.length });

const [window] = record.windows;
const { webContents } = window;
const answer = record.handlers.get('app');

async function get(path, method = 'GET', origin = 'app://caviar') {
  // Not `new Request`: Node would tidy the path before the app sees it.
  const response = await answer({ method, url: `${origin}${path}` });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    bytes: bytes.length,
    magic: String.fromCharCode(...bytes.slice(0, 4))
  };
}

let calls = 0;
async function call(method, args = [], event = { sender: webContents, senderFrame: webContents.mainFrame }) {
  const i = `call-${++calls}`;
  ipcMain.emit(CHANNEL, event, { t: 'q', i, m: method, a: args });
  for (let waited = 0; waited < 500; waited += 10) {
    const reply = record.sent.find(({ message }) => message.t === 's' && message.i === i)?.message;
    if (reply) return reply.e ?? reply.r;
    await pause(10);
  }
  return 'no reply';
}

function leads(url, refusable) {
  const before = webContents.mainFrame;
  webContents.leadTo(url, refusable);
  return webContents.mainFrame === before ? 'prevented' : 'allowed';
}

/** The page objects to being left; Electron leaves it only when the app prevents that. */
function leaves(button) {
  record.pressed = button;
  return webContents.asks('will-prevent-unload') ? 'stayed' : 'left';
}
const status = async () => (await call('getRun', [run.id])).summary.status;

const asksFor = (permission, url = PAGE) =>
  new Promise((resolve) => record.permissionRequest({ getURL: () => url }, permission, resolve));
const fetches = (url) =>
  new Promise((resolve) => record.beforeRequest({ url }, ({ cancel }) => resolve(cancel ? 'cancelled' : 'allowed')));

const experiment = (await call('listPresets')).find(({ name }) => name === 'xor').experiment;
const run = await call('createRun', [{ experiment, backend: 'auto', threads: 0 }]);
const worker = process.argv[3];

const report = {
  isSandboxed: record.isSandboxed,
  schemes: record.schemes,
  preferences: window.options.webPreferences,
  loaded: record.loaded,
  isShown: window.isShown,
  page: await get('/'),
  worker: await get(`/assets/${worker}`),
  escapes: await Promise.all(
    [
      '/../main/electron.js',
      '/..%2fmain%2felectron.js',
      '/%2e%2e/main/electron.js',
      '/assets/..%2f..%2fmain/electron.js',
      '/%00',
      '/%E0%A4%A',
      '/assets'
    ].map(async (path) => [path, (await get(path)).status])
  ),
  strangeHost: (await get('/', 'GET', 'app://elsewhere')).status,
  post: (await get('/', 'POST')).status,
  head: await get('/', 'HEAD'),
  dataset: await get('/datasets/spiral'),
  noDataset: (await get('/datasets/none')).status,
  hello: await call('hello'),
  refusal: await call('getRun', [999]),
  strangers: {
    otherContents: await call('hello', [], { sender: {}, senderFrame: webContents.mainFrame }),
    subframe: await call('hello', [], { sender: webContents, senderFrame: { url: PAGE } }),
    noFrame: await call('hello', [], { sender: webContents, senderFrame: null })
  },
  popup: webContents.windowOpenHandler({ url: 'https://example.org/' }),
  leaves: leads('https://example.org/'),
  leavesToLookalike: leads('app://caviar.example.org/'),
  redirected: leads('https://example.org/', 'will-redirect'),
  webview: webContents.asks('will-attach-webview') ? 'allowed' : 'prevented',
  statuses: { afterRefusals: await status() },
  questions: record.questions,
  answers: [0, 1].map(leaves),
  permissions: {
    media: await asksFor('media'),
    copy: await asksFor('clipboard-sanitized-write'),
    copyElsewhere: await asksFor('clipboard-sanitized-write', 'https://example.org/'),
    checkMedia: record.permissionCheck(null, 'media', 'app://caviar'),
    device: record.devicePermission({})
  },
  requests: {
    own: await fetches('app://caviar/assets/x.js'),
    blob: await fetches('blob:app://caviar/1'),
    remote: await fetches('https://example.org/x.js'),
    file: await fetches('file:///etc/passwd')
  },
  menuRoles: record.menus.flat().map(({ role, label }) => role ?? label)
};

report.stays = leads(PAGE);
report.statuses.afterLoading = await status();
process.emit('SIGTERM');
report.answerToSignal = leaves(0);
webContents.mainFrame.url = 'https://example.org/';
report.strangers.foreignPage = await call('hello');
webContents.mainFrame.url = PAGE;
app.emit('second-instance');
window.bounds = { x: 100, y: 120, width: 1000, height: 700 };
window.emit('close');
window.emit('closed');
app.quit();
finish({ ...report, focused: window.focused });

function finish(seen) {
  writeFileSync(1, JSON.stringify(seen));
  process.exit(0);
}
