/// <reference lib="webworker" />
/** Runs in a module worker of a real browser, bundled as the product's worker is: the checks of gpu-backends.spec.ts. */
import type { Backend, BackendHost } from '../../src-worker/backends/backend.ts';
import type { GpuBackendName } from '../../src-worker/backends/gpujs/checked-pipeline.ts';
import { gpujsCpu, openProgram, webgl2, webgpu, type OpenProgram } from '../../src-worker/backends/gpujs/gpujs.ts';
import type { Program } from '../../src-worker/plan/program.ts';
import type { CaseResult } from '../../src-worker/contract/verify.ts';
import { flattenError } from '../../src-worker/contract/errors.ts';
import { readGolden } from '../../src-worker/verify/golden.ts';
import { runCase } from '../../src-worker/verify/verify.ts';
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
export type Request = { readonly backend: string } & (
  | LossRequest
  | { readonly task: 'operations' | 'plans' | 'availability' }
  | { readonly task: 'golden'; readonly file: string; readonly names: readonly string[] }
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
): Promise<OperationsResult | PlansResult | CaseResult[] | LossResult | Availability> {
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
      return verifyGolden(backend, request.file, request.names);
    case 'availability':
      return { auto: await backend.unavailable('auto'), asked: await backend.unavailable('asked') };
    default:
      return request satisfies never;
  }
}

/** Cases of one golden file; some take their inputs from others. The page serves them all. */
async function verifyGolden(backend: Backend, wanted: string, only: readonly string[]): Promise<CaseResult[]> {
  const fetched = async (name: string) => (await fetch(`/golden/${name}`)).text();
  const names = JSON.parse(await fetched('')) as string[];
  const files = await Promise.all(names.map(async (name) => readGolden(name, await fetched(name))));
  const results: CaseResult[] = [];
  const file = files.find(({ file: name }) => name === wanted)!;
  const kept = keepingPrograms(backend);
  for (const one of file.cases.filter(({ name }) => only.includes(name)))
    results.push(await runCase(file, one, { backend: kept, host: plainHost, threads: 1, files }));
  await kept.close();
  return results;
}

/** The gradient checker runs one program hundreds of times: compiled once, it is kept until another comes. */
function keepingPrograms(backend: Backend): Backend & { close(): Promise<void> } {
  let open: { ops: Program['ops']; program: OpenProgram } | null = null;
  return {
    ...backend,
    async run(program, inputs) {
      if (open?.ops !== program.ops) {
        await open?.program.close();
        open = {
          ops: program.ops,
          program: await openProgram(backend.name as GpuBackendName, program, [...inputs.keys()])
        };
      }
      return open.program.run(inputs);
    },
    close: async () => open?.program.close()
  };
}
