/** The other threads of an engine: started through the host, they build the same part over the same memory and serve its steps. */
import { flattenError, reviveError, type FlatError } from '../../contract/errors.ts';
import type { Plan } from '../../plan/plan.ts';
import type { BackendHost, ExampleTable, HelperThread } from '../backend.ts';
import { loadKernels, type Variant } from './kernels.ts';
import type { Layout } from './layout.ts';
import { WorkerPart } from './worker-part.ts';

export interface WasmHelperMessage {
  readonly type: 'wasm-helper';
  readonly plan: Plan;
  readonly table: ExampleTable;
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
  readonly variant: Variant;
  readonly thread: number;
  readonly threads: number;
}

const READY = 'wasm-helper-ready';

export const isWasmHelperMessage = (message: unknown): message is WasmHelperMessage =>
  (message as { type?: unknown } | null)?.type === 'wasm-helper';

/** In the helper thread, by its entry. Blocks the thread until the engine is closed. */
export function serveWasmHelper(
  { memory, variant, ...options }: WasmHelperMessage,
  post: (reply: typeof READY | FlatError) => void
): void {
  let part: WorkerPart;
  try {
    const kernels = loadKernels(memory, variant, true);
    part = new WorkerPart({ ...options, memory, kernels, shared: true });
  } catch (error) {
    return post(flattenError(error));
  }
  post(READY);
  part.serve();
}

/** Resolves when every helper is ready to serve; when one cannot, ends them all and throws its error. */
export async function startHelpers(
  host: BackendHost,
  message: Omit<WasmHelperMessage, 'type' | 'thread'>
): Promise<HelperThread[]> {
  const helpers: HelperThread[] = [];
  try {
    while (helpers.length < message.threads - 1) helpers.push(host.startHelper());
    await Promise.all(helpers.map((helper, i) => start(helper, { type: 'wasm-helper', ...message, thread: i + 1 })));
    return helpers;
  } catch (error) {
    await Promise.all(helpers.map((helper) => helper.terminate()));
    throw error;
  }
}

const start = (helper: HelperThread, message: WasmHelperMessage) =>
  new Promise<void>((resolve, reject) => {
    helper.onMessage((reply) => (reply === READY ? resolve() : reject(reviveError(reply as FlatError))));
    helper.onError(reject);
    helper.post(message);
  });
