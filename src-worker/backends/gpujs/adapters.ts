/** Which GPU there is, if any. The only file of this backend that looks at its surroundings; it does so without loading gpu.js. */
import type { GpuBackendName } from './checked-pipeline.ts';

export interface Adapter {
  /** For people. */
  readonly name: string;
  readonly isSoftware: boolean;
}
/** A GPU, or why there is none: a clause without a full stop, to be put into sentences. */
export type Found = Adapter | { readonly missing: string };

interface WebGpuAdapter {
  readonly isFallbackAdapter?: boolean;
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
}
interface WebGl {
  readonly RENDERER: number;
  getExtension(name: string): { readonly UNMASKED_RENDERER_WEBGL: number; loseContext(): void } | null;
  getParameter(name: number): unknown;
}
interface Surroundings {
  readonly navigator?: { readonly gpu?: { requestAdapter(): Promise<WebGpuAdapter | null> } };
  readonly OffscreenCanvas?: new (width: number, height: number) => { getContext(kind: 'webgl2'): WebGl | null };
}
const surroundings = () => globalThis as unknown as Surroundings;

/** Renderers that compute on the processor: SwiftShader, Mesa's llvmpipe and softpipe, Windows' basic adapter. */
const isSoftwareName = (name: string) => /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);

export async function findAdapter(backend: GpuBackendName): Promise<Found> {
  switch (backend) {
    case 'webgpu':
      return findWebGpu();
    case 'webgl2':
      return findWebGl2();
    case 'gpujs-cpu':
      return { name: 'gpu.js kernels in JavaScript', isSoftware: true };
    default:
      return backend satisfies never;
  }
}

async function findWebGpu(): Promise<Found> {
  const { gpu } = surroundings().navigator ?? {};
  if (!gpu)
    return {
      missing: 'WebGPU needs a browser that has it, and a page from this computer or over https'
    };
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) return { missing: 'WebGPU finds no graphics adapter; its driver may be missing or blocked' };
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  const isSoftware =
    (isFallbackAdapter ?? adapter.isFallbackAdapter ?? false) || isSoftwareName(`${name} ${architecture}`);
  return { name, isSoftware };
}

function findWebGl2(): Found {
  const Canvas = surroundings().OffscreenCanvas;
  if (!Canvas) return { missing: 'WebGL 2 needs a browser with OffscreenCanvas' };
  const gl = new Canvas(1, 1).getContext('webgl2');
  if (!gl) return { missing: 'WebGL 2 is switched off in this browser, or the graphics driver is blocked' };
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info')?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER;
  const name = String(gl.getParameter(unmasked));
  const hasFloats = gl.getExtension('EXT_color_buffer_float') !== null;
  // A browser keeps only some 16 contexts alive.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return hasFloats
    ? { name, isSoftware: isSoftwareName(name) }
    : { missing: `${name} cannot compute float32 textures in WebGL 2` };
}
