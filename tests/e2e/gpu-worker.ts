/// <reference lib="webworker" />
/** Runs in a module worker of a real browser, bundled as the product's worker is: the checks of gpu-backends.spec.ts. */
import type { Backend, BackendHost } from '../../src-worker/backends/backend.ts';
import { gpujsCpu, webgl2, webgpu } from '../../src-worker/backends/gpujs/gpujs.ts';
import type { CaseResult } from '../../src-worker/contract/verify.ts';
import { flattenError } from '../../src-worker/contract/errors.ts';
import { readGolden } from '../../src-worker/verify/golden.ts';
import { verify } from '../../src-worker/verify/verify.ts';
import { gridCases } from '../worker/backends/grid-cases.ts';
import { opCases, worstOf } from '../worker/backends/op-cases.ts';
import { loseGpu } from './lose-gpu.ts';
import { differenceOf, planCases, type PlanDifference } from '../worker/backends/plan-cases.ts';

declare const self: DedicatedWorkerGlobalScope;

const plainHost: BackendHost = {
  cores: 1,
  sharedMemory: false,
  nowMs: () => performance.now(),
  startHelper: () => {
    throw new Error('One thread was asked for.');
  }
};
const backends: readonly Backend[] = [webgpu, webgl2, gpujsCpu];

export interface Availability {
  readonly auto: string | null;
  readonly asked: string | null;
}
/** How far each case of op-cases.ts is off, in its tolerances. */
export type OperationsResult = { title: string; worst: number }[];
/** How far each case of plan-cases.ts is off. */
export type PlansResult = ({ title: string } & PlanDifference)[];
export interface LossRequest {
  readonly task: 'loss';
  readonly when: 'between calls' | 'during a call';
}
export interface LossResult {
  /** Error of the call that met the loss, and of training and judging afterwards. */
  readonly first: string;
  readonly later: readonly string[];
  /** How far the parameters had come before; and whether these, and the states, can still be read. */
  readonly learned: number;
  readonly kept: boolean;
}
export interface GoldenResult {
  readonly result: CaseResult;
  readonly ms: number;
}
export type Request = { readonly backend: string } & (
  LossRequest | { readonly task: 'operations' | 'plans' | 'golden' | 'availability' }
);

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const backend = backends.find(({ name }) => name === data.backend)!;
  try {
    self.postMessage({ result: await answer(backend, data) });
  } catch (error) {
    self.postMessage({ error: flattenError(error) });
  }
};

async function answer(
  backend: Backend,
  request: Request
): Promise<OperationsResult | PlansResult | GoldenResult[] | LossResult | Availability> {
  switch (request.task) {
    case 'operations': {
      const results: OperationsResult = [];
      for (const one of [...opCases(), ...(await gridCases())]) {
        const worst = worstOf(one, await backend.run(one.program, one.inputs));
        results.push({ title: one.title, worst });
      }
      return results;
    }
    case 'plans': {
      const results: PlansResult = [];
      for (const one of planCases) results.push({ title: one.title, ...(await differenceOf(backend, one)) });
      return results;
    }
    case 'loss':
      return loseGpu(backend, request.when);
    case 'golden':
      return verifyGolden(backend);
    case 'availability':
      return { auto: await backend.unavailable('auto'), asked: await backend.unavailable('asked') };
    default:
      return request satisfies never;
  }
}

/** Every golden case; the page serves the files. */
async function verifyGolden(backend: Backend): Promise<GoldenResult[]> {
  const fetched = async (name: string) => (await fetch(`/golden/${name}`)).text();
  const names = JSON.parse(await fetched('')) as string[];
  const files = await Promise.all(names.map(async (name) => readGolden(name, await fetched(name))));
  const results: GoldenResult[] = [];
  let startedMs = performance.now();
  await verify({ backend, host: plainHost, threads: 1, files }, (result) => {
    const nowMs = performance.now();
    results.push({ result, ms: nowMs - startedMs });
    startedMs = nowMs;
  });
  return results;
}
