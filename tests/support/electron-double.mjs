/** Stands in for the `electron` module where its binary is not: records what the app asks for and lets a test play the page. */
import { EventEmitter } from 'node:events';
import { join } from 'node:path';

export const record = {
  schemes: [],
  handlers: new Map(),
  windows: [],
  loaded: [],
  sent: [],
  menus: [],
  errorBoxes: [],
  questions: [],
  /** The button that the person presses. */
  pressed: 0,
  isSandboxed: false,
  exitCode: null,
  permissionRequest: null,
  permissionCheck: null,
  devicePermission: null,
  beforeRequest: null
};

class App extends EventEmitter {
  isPackaged = false;
  commandLine = { getSwitchValue: () => '' };
  requestSingleInstanceLock = () => process.env.DOUBLE_SECOND_INSTANCE !== '1';
  enableSandbox = () => (record.isSandboxed = true);
  whenReady = () => Promise.resolve();
  getLocale = () => process.env.DOUBLE_LOCALE ?? 'en-US';
  getPath = (name) => join(process.env.CAVIAR_HOME, name);
  quit() {
    this.emit('will-quit');
    record.exitCode ??= 0;
  }
  exit(code) {
    record.exitCode ??= code;
  }
}

class WebContents extends EventEmitter {
  mainFrame = { url: '' };
  reloads = 0;
  windowOpenHandler = null;
  send = (channel, message) => record.sent.push({ channel, message: structuredClone(message) });
  setWindowOpenHandler = (handler) => (this.windowOpenHandler = handler);
  getURL = () => this.mainFrame.url;
  isDestroyed = () => false;
  /** What Electron does when the app loads a page, also again. */
  navigate(url) {
    this.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument: false });
    this.#arrive(url);
  }
  /** The page itself leads elsewhere, or its server sends it elsewhere: the navigation has started when it can be refused. */
  leadTo(url, refusable = 'will-frame-navigate') {
    this.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument: false });
    if (this.asks(refusable, { url })) this.#arrive(url);
  }
  reload() {
    this.reloads += 1;
    this.navigate(this.mainFrame.url);
  }
  /** False when a listener prevented what was going to happen. */
  asks(event, details = {}) {
    let isPrevented = false;
    this.emit(event, { ...details, preventDefault: () => (isPrevented = true) });
    return !isPrevented;
  }
  #arrive(url) {
    this.mainFrame = { url };
    this.emit('did-navigate', {}, url);
  }
}

export class BrowserWindow extends EventEmitter {
  webContents = new WebContents();
  isShown = false;
  focused = 0;
  constructor(options) {
    super();
    this.options = options;
    this.bounds = { x: options.x ?? 10, y: options.y ?? 20, width: options.width, height: options.height };
    record.windows.push(this);
  }
  show = () => (this.isShown = true);
  focus = () => (this.focused += 1);
  maximize = () => undefined;
  isMaximized = () => false;
  isMinimized = () => false;
  getNormalBounds = () => this.bounds;
  loadURL = async (url) => {
    record.loaded.push(url);
    this.webContents.navigate(url);
    this.emit('ready-to-show');
  };
}

export const app = new App();
export const ipcMain = new EventEmitter();
export const dialog = {
  showErrorBox: (title, text) => record.errorBoxes.push({ title, text }),
  showMessageBoxSync: (_window, options) => (record.questions.push(options), record.pressed)
};
export const Menu = {
  buildFromTemplate: (template) => template,
  setApplicationMenu: (menu) => record.menus.push(menu)
};
export const protocol = {
  registerSchemesAsPrivileged: (schemes) => record.schemes.push(...schemes),
  handle: (scheme, handler) => record.handlers.set(scheme, handler)
};
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler) => (record.permissionRequest = handler),
    setPermissionCheckHandler: (handler) => (record.permissionCheck = handler),
    setDevicePermissionHandler: (handler) => (record.devicePermission = handler),
    webRequest: { onBeforeRequest: (handler) => (record.beforeRequest = handler) }
  }
};
export default { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session };
