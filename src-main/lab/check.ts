/** Checks that throw: for the doors (LabApi, command line), which answer with one LabError. */
import type { z } from 'zod';
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import { labApi, type LabApi } from '../../src-worker/contract/lab-api.ts';
import { describeProblem, problemsOf } from '../../src-worker/contract/problems.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';

/** The experiment with every default filled in. Throws: `invalid_experiment` with all problems in its details. */
export function checkedExperiment(input: unknown, datasets: readonly DatasetInfo[]): Experiment {
  const { experiment, problems } = checkExperiment(input, datasets);
  if (experiment) return experiment;
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const lines = problems.map((problem) => `  - ${describeProblem(problem)}`);
  throw new LabError('invalid_experiment', [`This experiment has ${count}:`, ...lines].join('\n'), { problems });
}

type Method = keyof LabApi;

/** `api` behind its schemas: no method sees arguments that do not fit. Throws: `bad_request` listing what is wrong. */
export function checkedApi(api: LabApi): LabApi {
  const methods = (Object.keys(labApi) as Method[]).map((method) => [method, checkedMethod(method, api[method])]);
  return Object.fromEntries(methods) as LabApi;
}

function checkedMethod(method: Method, implementation: LabApi[Method]) {
  return async (...args: unknown[]): Promise<unknown> => {
    const parsed = (labApi[method].args as z.ZodType<unknown[]>).safeParse(args);
    if (parsed.success) return (implementation as (...args: unknown[]) => Promise<unknown>)(...parsed.data);
    const problems = problemsOf(parsed.error, args);
    throw new LabError('bad_request', `${method}: ${problems.map(describeProblem).join(' ')}`, { method, problems });
  };
}
