/** What gpu.js does silently must not stay silent: a pipeline that is executed elsewhere than asked for fails. */
import { describe, expect, it } from 'vitest';
import type { PrepareOptions } from '../../../src-worker/backends/backend.ts';
import { CheckedGpu, type GpuBackendName } from '../../../src-worker/backends/gpujs/checked-pipeline.ts';
import { GpuEngine } from '../../../src-worker/backends/gpujs/engine.ts';
import { loadLibrary, type Gpu, type Library, type Pipeline } from '../../../src-worker/backends/gpujs/library.ts';
import { planCases, prepareCase } from './plan-cases.ts';

const library = await loadLibrary();
/** gpu.js as on a machine where every mode ends up in JavaScript. */
const degraded: Library = {
  ...library,
  input: library.input,
  GPU: class extends library.GPU {
    constructor() {
      super({ mode: 'cpu' });
    }
  }
};

/** A pipeline of one kernel of this text, called once with 3 and −4. */
async function callOnce(backend: GpuBackendName, from: Library, source: string): Promise<unknown> {
  const gpu = await CheckedGpu.start(backend, from);
  const call = gpu.pipeline(1, (traced, [x]) => ({
    y: traced.createKernel(source, { output: [2, 1], precision: 'single', tactic: 'precision' })(x!)
  }));
  return call([gpu.input(Float32Array.of(3, -4), [2, 1])]).finally(() => gpu.close());
}
const double = 'function (x) { return 2.0 * x[this.thread.y][this.thread.x]; }';

describe('a pipeline', () => {
  it('gives its results where it runs as asked', async () => {
    expect(await callOnce('gpujs-cpu', library, double)).toEqual({ y: [Float32Array.of(6, -8)] });
  });

  it('fails where gpu.js fell back to JavaScript', async () => {
    await expect(callOnce('webgl2', degraded, double)).rejects.toMatchObject({
      code: 'backend_unavailable',
      message: expect.stringMatching(/webgl2 backend cannot go on: gpu\.js fell back to generic on cpu/)
    });
  });

  it('fails with the words of gpu.js where a kernel cannot be compiled', async () => {
    await expect(callOnce('gpujs-cpu', library, 'function (x) { return y[0][0]; }')).rejects.toMatchObject({
      code: 'backend_unavailable',
      message: expect.stringMatching(/cannot go on: Error: /)
    });
  });
});

describe('an engine whose GPU is lost', () => {
  /** Every pipeline's second call fails. */
  const losing: Library = {
    ...library,
    input: library.input,
    GPU: class extends library.GPU {
      override createPipeline(trace: Parameters<Gpu['createPipeline']>[0]): Pipeline {
        let calls = 0;
        return new Proxy(super.createPipeline(trace), {
          apply: (pipeline, self, values) =>
            ++calls === 2 ? Promise.reject(new Error('lost')) : Reflect.apply(pipeline, self, values)
        });
      }
    }
  };
  const adapter = { name: 'one that fails', isSoftware: true };
  const backend = {
    prepare: async ({ plan, table }: PrepareOptions) =>
      new GpuEngine(await CheckedGpu.start('gpujs-cpu', losing), { plan, table, adapter })
  };

  it('has the parameters from before the call that failed, however many calls of its pipeline that took', async () => {
    const { plan, engine, start, batches } = await prepareCase(backend, planCases[0]!, 20);
    expect(engine.maxSteps).toBeLessThan(20);
    const sums = plan.measures.map(() => new Float64Array(20));
    for (let call = 0; call < 2; call++) {
      await expect(engine.train(batches, sums)).rejects.toMatchObject({
        code: 'backend_unavailable',
        message: 'The gpujs-cpu backend cannot go on: Error: lost. Train on wasm instead.'
      });
      expect(await engine.read('w')).toEqual(start);
    }
    await engine.close();
  });
});
