/** The desktop page's only way out of its sandbox: messages of one channel to the main process and back. No schema, no Node. */
import { contextBridge, ipcRenderer } from 'electron';
import { BRIDGE, type Transport } from '../../src-worker/contract/transport.ts';

const transport: Transport = {
  post: (message) => ipcRenderer.send(BRIDGE, message),
  on: (listener) => void ipcRenderer.on(BRIDGE, (_event, message: unknown) => listener(message))
};
contextBridge.exposeInMainWorld(BRIDGE, transport);
