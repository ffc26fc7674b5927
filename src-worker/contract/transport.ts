/** How the page reaches its host. Apart from the schemas, so that Electron's preload script carries nothing else. */

/** What carries messages: Electron's IPC through the preload bridge, or a WebSocket. */
export interface Transport {
  post(message: unknown): void;
  on(listener: (message: unknown) => void): void;
}

/** The path of the WebSocket of the browser host. */
export const RPC_PATH = '/rpc';
/** The name under which the desktop's preload script exposes its transport, and its IPC channel. */
export const BRIDGE = 'caviarBridge';

/** Where a page fetches a dataset's bytes (see dataset.ts), in both hosts. */
export const datasetUrl = (name: string) => `/datasets/${encodeURIComponent(name)}`;

/** Where a page sends a run's checkpoint (POST, with the two headers below), and fetches it again. */
export const checkpointsUrl = (run: number) => `/checkpoints/${run}`;
export const checkpointUrl = (run: number, number: number) => `/checkpoints/${run}/${number}`;
/** What is known of the checkpoint, as JSON, and the claim by which the run is the page's. */
export const CHECKPOINT_HEADER = 'caviar-checkpoint';
export const CLAIM_HEADER = 'caviar-claim';
