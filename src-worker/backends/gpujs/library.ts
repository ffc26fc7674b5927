/**
 * The part of gpu.js that is used here, and its loading.
 *
 * gpu.js traces a pipeline once: a kernel called inside `createPipeline` runs nothing and returns a handle that other kernels may take.
 */

/** A result inside a pipeline. Only to be passed on. */
export type Handle = { readonly isHandle: unique symbol };
/** Numbers with a size of [columns], [columns, rows] or [columns, rows, planes]. */
export type Input = { readonly isInput: unique symbol };
/** What a pipeline answers for a handle: rows of numbers, or planes of rows. */
export type Rows = readonly Float32Array[];
export type Planes = readonly Rows[];

export type Kernel = (...values: (Handle | number)[]) => Handle;

/** How a pipeline was in fact executed; gpu.js falls back without a word. */
export interface Executed {
  readonly executorKind: string;
  readonly backend: string | null;
  readonly fallbackReason: string | null;
  /** The kernels of the generic executor, each of which may have fallen back on its own. */
  readonly plan: {
    readonly genericClones: ReadonlyMap<
      string,
      { readonly kernel: { readonly constructor: { readonly mode: string } } }
    >;
  } | null;
}
export type Pipeline = Executed & ((...values: Input[]) => Promise<Record<string, Rows | Planes>>);

export interface Gpu {
  createKernel(source: string, settings: KernelSettings): Kernel;
  createPipeline(trace: (...values: Handle[]) => Record<string, Handle>): Pipeline;
  readonly context: { isContextLost?(): boolean } | null;
  destroy(): Promise<void>;
}
export interface KernelSettings {
  /** [columns, rows] or [columns, rows, planes]. */
  readonly output: number[];
  readonly precision: 'single';
  /** Full float32 on every GPU; otherwise gpu.js asks for less where an output is small. */
  readonly tactic: 'precision';
}

export type Mode = 'webgpu' | 'webgl2' | 'cpu';

export interface Library {
  readonly GPU: new (settings: { mode: Mode }) => Gpu;
  input(values: Float32Array, size: number[]): Input;
  readonly WebGPUContext: {
    acquire(): Promise<{ device: EventTarget & { readonly lost: Promise<{ readonly message: string }> } }>;
  };
}

/** Loaded at first use: half a megabyte that a run on another backend never needs. */
export async function loadLibrary(): Promise<Library> {
  // A CommonJS module: Node and the bundler agree on the default export alone.
  const { default: library } = (await import('gpu.js')) as unknown as { default: Library };
  return library;
}
