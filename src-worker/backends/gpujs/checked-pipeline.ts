import { LabError } from '../../contract/errors.ts';
import type { BackendName } from '../../contract/run.ts';
import type { Executed, Gpu, Handle, Input, Library, Mode, Planes, Rows } from './library.ts';

export type GpuBackendName = Extract<BackendName, 'webgpu' | 'webgl2' | 'gpujs-cpu'>;

/** gpu.js' mode of each backend, and who executes its pipelines when nothing has fallen back. */
export const executors: Readonly<Record<GpuBackendName, { mode: Mode; executorKind: string; executedBy: string }>> = {
  webgpu: { mode: 'webgpu', executorKind: 'fused-encoder', executedBy: 'webgpu' },
  webgl2: { mode: 'webgl2', executorKind: 'generic', executedBy: 'gpu' },
  'gpujs-cpu': { mode: 'cpu', executorKind: 'generic', executedBy: 'cpu' }
};

export type Results = Readonly<Record<string, Rows | Planes>>;

/**
 * A gpu.js instance that never degrades without a word: where gpu.js would go on in JavaScript, on a lost device or with a kernel that
 * the driver refused, calls of a pipeline fail.
 */
export class CheckedGpu {
  readonly backend: GpuBackendName;
  readonly #library: Library;
  readonly #gpu: Gpu;
  readonly #closed = new AbortController();
  /** The first fault that WebGPU reported outside of any call. */
  #fault: string | null = null;
  /** What the first call that failed failed of. gpu.js would go on with a new device, unwatched: all later calls fail alike. */
  #failure: LabError | null = null;

  private constructor(backend: GpuBackendName, library: Library) {
    this.backend = backend;
    this.#library = library;
    this.#gpu = new library.GPU({ mode: executors[backend].mode });
  }

  /** Throws: `backend_unavailable`. */
  static async start(backend: GpuBackendName, library: Library): Promise<CheckedGpu> {
    try {
      const gpu = new CheckedGpu(backend, library);
      if (backend === 'webgpu') await gpu.#listenForFaults();
      return gpu;
    } catch (error) {
      throw unavailable(backend, String(error), { cause: error });
    }
  }

  /** gpu.js keeps one device for all engines of a thread. */
  async #listenForFaults(): Promise<void> {
    const { device } = await this.#library.WebGPUContext.acquire();
    const note = (event: Event) => {
      this.#fault ??= (event as Event & { error: { message: string } }).error.message;
    };
    device.addEventListener('uncapturederror', note, { signal: this.#closed.signal });
    void device.lost.then(({ message }) => {
      this.#fault ??= `the WebGPU device was lost${message ? ` (${message})` : ''}`;
    });
  }

  input(values: Float32Array, size: number[]): Input {
    return this.#library.input(values, size);
  }

  /** `inputs` is how many values every call passes: gpu.js reads it from the function's length. */
  pipeline(
    inputs: number,
    trace: (gpu: Gpu, values: readonly Handle[]) => Record<string, Handle>
  ): (values: Input[]) => Promise<Results> {
    const traced = (...values: Handle[]) => trace(this.#gpu, values);
    Object.defineProperty(traced, 'length', { value: inputs });
    const pipeline = this.#gpu.createPipeline(traced);
    return async (values) => {
      if (this.#failure) throw this.#failure;
      try {
        const results = await pipeline(...values);
        this.#check(pipeline);
        return results;
      } catch (error) {
        const known = error instanceof LabError;
        this.#failure = known ? error : unavailable(this.backend, this.#fault ?? String(error), { cause: error });
        throw this.#failure;
      }
    };
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#gpu.destroy();
  }

  #check(pipeline: Executed): void {
    const { executorKind, executedBy } = executors[this.backend];
    const modes = [...(pipeline.plan?.genericClones.values() ?? [])].map(({ kernel }) => kernel.constructor.mode);
    const stranger = [pipeline.backend, ...modes].find((mode) => mode !== executedBy);
    if (pipeline.executorKind !== executorKind || stranger !== undefined)
      throw unavailable(
        this.backend,
        `gpu.js fell back to ${pipeline.executorKind} on ${stranger}: ${pipeline.fallbackReason}`
      );
    if (this.#gpu.context?.isContextLost?.()) throw unavailable(this.backend, 'the WebGL context was lost');
    if (this.#fault) throw unavailable(this.backend, this.#fault);
  }
}

const unavailable = (backend: GpuBackendName, why: string, options: ErrorOptions = {}) =>
  new LabError(
    'backend_unavailable',
    `The ${backend} backend cannot go on: ${why}. Train on wasm instead.`,
    { backend, why },
    options
  );
