/**
 * Training on the GPU with gpu.js: on WebGPU, on WebGL 2, and the same kernels in JavaScript, which test them where there is no GPU.
 *
 * Not a fast path for processors: in JavaScript the kernels are far slower than the wasm backend's. `auto` never chooses them, nor a
 * GPU that is software.
 */
import { LabError } from '../../contract/errors.ts';
import type { Plan } from '../../plan/plan.ts';
import { tensorsOf, type Program, type Tensor } from '../../plan/program.ts';
import { checkPlanSize } from '../../plan/size.ts';
import type { Backend } from '../backend.ts';
import { findAdapter, type Adapter } from './adapters.ts';
import { CheckedGpu, type GpuBackendName } from './checked-pipeline.ts';
import { GpuEngine } from './engine.ts';
import { loadLibrary, type Rows } from './library.ts';
import { Tracer } from './tracer.ts';
import { checkElements, extentOf } from './value.ts';

/** Throws: `backend_unavailable`. */
async function needAdapter(name: GpuBackendName): Promise<Adapter> {
  const found = await findAdapter(name);
  if (!('missing' in found)) return found;
  throw new LabError('backend_unavailable', `The backend ${name} cannot run here: ${found.missing}. Use wasm.`, {
    backend: name
  });
}

function defineBackend(name: GpuBackendName): Backend {
  return {
    name,

    async unavailable(purpose) {
      const found = await findAdapter(name);
      if ('missing' in found) return found.missing;
      return purpose === 'auto' && found.isSoftware ? `${found.name} is software, slower than the wasm backend` : null;
    },

    async prepare({ plan, table }) {
      const adapter = await needAdapter(name);
      refuseBatchMaxima(plan);
      checkPlanSize(plan);
      const gpu = await CheckedGpu.start(name, await loadLibrary());
      return new GpuEngine(gpu, { plan, table, adapter });
    },

    async run(program, inputs) {
      const opened = await openProgram(name, program, [...inputs.keys()]);
      try {
        return await opened.run(inputs);
      } finally {
        await opened.close();
      }
    }
  };
}

/** Every row of a batch is computed, also those that only fill it up: of a sum their weight of 0 keeps them away, but not of a largest value. */
function refuseBatchMaxima({ gradients, evaluation }: Plan): void {
  for (const op of [...gradients, ...evaluation]) {
    if (op.op !== 'reduce' || op.kind === 'sum' || !Object.values(op.tensors).some(({ perExample }) => perExample))
      continue;
    const shared = tensorsOf(op).writes.find(({ perExample }) => !perExample);
    if (shared)
      throw new LabError(
        'backend_unavailable',
        `“${shared.name}” is the largest value of a mini-batch, which the GPU backends cannot take. Train on wasm.`,
        { tensor: shared.name }
      );
  }
}

/** A program that may be run again and again, always with the same tensors given. */
export interface OpenProgram {
  run(inputs: ReadonlyMap<Tensor, ArrayLike<number>>): Promise<Map<Tensor, Float32Array>>;
  close(): Promise<void>;
}

/** Throws: `backend_unavailable`. */
export async function openProgram(
  name: GpuBackendName,
  { batchSize, ops }: Program,
  given: readonly Tensor[]
): Promise<OpenProgram> {
  await needAdapter(name);
  const gpu = await CheckedGpu.start(name, await loadLibrary());
  const written = [...new Set(ops.flatMap((op) => tensorsOf(op).writes))];
  const pipeline = gpu.pipeline(given.length, (traced, handles) => {
    const tracer = new Tracer(traced, batchSize);
    for (const [index, tensor] of given.entries()) tracer.set(tensor, handles[index]!);
    tracer.run(ops);
    return Object.fromEntries(written.map((tensor) => [tensor.id, tracer.value(tensor).handle]));
  });
  return {
    async run(inputs) {
      const values = given.map((tensor) => {
        const { rows, columns } = extentOf(tensor, batchSize);
        checkElements(tensor.name, rows * columns);
        return gpu.input(Float32Array.from(inputs.get(tensor)!), [columns, rows]);
      });
      const results = await pipeline(values);
      return new Map(written.map((tensor) => [tensor, flatten(results[tensor.id] as Rows)]));
    },
    close: () => gpu.close()
  };
}

function flatten(rows: Rows): Float32Array {
  const columns = rows[0]!.length;
  const flat = new Float32Array(rows.length * columns);
  for (const [row, values] of rows.entries()) flat.set(values, row * columns);
  return flat;
}

export const webgpu = defineBackend('webgpu');
export const webgl2 = defineBackend('webgl2');
export const gpujsCpu = defineBackend('gpujs-cpu');
