/// <reference lib="webworker" />
/** Trains a little, takes the GPU away, and tells what the engine makes of it. Runs in the worker of gpu-worker.ts. */
import type { Backend } from '../../src-worker/backends/backend.ts';
import { flattenError } from '../../src-worker/contract/errors.ts';
import { prepareCase, planCases } from '../worker/backends/plan-cases.ts';
import type { LossRequest, LossResult } from './gpu-worker.ts';

export async function loseGpu(backend: Backend, when: LossRequest['when']): Promise<LossResult> {
  const lose = watchGpus();
  const { plan, engine, start, batches } = await prepareCase(backend, planCases[0]!);
  const steps = { ...batches, steps: 2 };
  const sums = plan.measures.map(() => new Float64Array(2));
  await engine.train(steps, sums);
  const arenas = ['w', ...plan.states];
  const read = () => Promise.all(arenas.map((arena) => engine.read(arena)));
  const before = await read();
  const errorOf = (call: Promise<unknown>) =>
    call.then(
      () => 'none',
      (error: unknown) => `${flattenError(error).code}: ${flattenError(error).message}`
    );
  if (when === 'between calls') await lose();
  const call = errorOf(engine.train(steps, sums));
  if (when === 'during a call') await lose();
  const first = await call;
  const later = [await errorOf(engine.train(steps, sums)), await errorOf(engine.evaluate(Int32Array.of(0, 1)))];
  const after = await read();
  await engine.close();
  return {
    first,
    later,
    learned: Math.max(...start.map((value, i) => Math.abs(value - before[0]![i]!))),
    kept: before.every((values, arena) => values.every((value, i) => value === after[arena]![i]))
  };
}

/** Remembers every context and device that is made from here on; the answer takes them away. */
function watchGpus(): () => Promise<void> {
  const contexts: WebGL2RenderingContext[] = [];
  const devices: GPUDevice[] = [];
  const { getContext } = OffscreenCanvas.prototype;
  OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...given: Parameters<typeof getContext>) {
    const context = getContext.apply(this, given);
    if (context instanceof WebGL2RenderingContext) contexts.push(context);
    return context;
  } as typeof getContext;
  if ('GPUAdapter' in self) {
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (...given) {
      const device = await requestDevice.apply(this, given);
      devices.push(device);
      return device;
    };
  }
  return async () => {
    for (const context of contexts) context.getExtension('WEBGL_lose_context')?.loseContext();
    for (const device of devices) device.destroy();
    await Promise.all(devices.map(({ lost }) => lost));
  };
}
