/** The other threads of an engine: started through the host, they build the same part over the same memory and serve its steps. */
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
  post: (reply: string) => void
): void {
  const kernels = loadKernels(memory, variant, true);
  const part = new WorkerPart({ ...options, memory, kernels, shared: true });
  post(READY);
  part.serve();
}

/** Resolves when every helper is ready to serve. */
export async function startHelpers(
  host: BackendHost,
  message: Omit<WasmHelperMessage, 'type' | 'thread'>
): Promise<HelperThread[]> {
  const helpers: HelperThread[] = [];
  const ready: Promise<void>[] = [];
  for (let thread = 1; thread < message.threads; thread++) {
    const helper = host.startHelper();
    helpers.push(helper);
    ready.push(new Promise((resolve) => helper.onMessage((reply) => reply === READY && resolve())));
    helper.post({ type: 'wasm-helper', ...message, thread } satisfies WasmHelperMessage);
  }
  await Promise.all(ready);
  return helpers;
}
