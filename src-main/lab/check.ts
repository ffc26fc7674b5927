/** Checks that throw: for the doors (LabApi, command line), which answer with one LabError. */
import type { z } from 'zod';
import type { VariantRun } from '../../src-worker/contract/classic-experiment.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import { dataSchema, type Experiment } from '../../src-worker/contract/experiment.ts';
import { labApi, type LabApi } from '../../src-worker/contract/lab-api.ts';
import { describeProblem, problemAt, problemsOf, type Problem } from '../../src-worker/contract/problems.ts';
import { refusal } from '../../src-worker/contract/refusal.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import type { Datasets } from '../datasets/datasets.ts';

/** The experiment with every default filled in. Throws: `invalid_experiment` with all problems in its details. */
export async function checkedExperiment(input: unknown, datasets: Datasets): Promise<Experiment> {
  const { experiment, problems: found } = checkExperiment(input, await datasets.list());
  if (experiment) return experiment;
  throw invalidExperiment(await Promise.all(found.map((problem) => withDatasetFault(problem, datasets))));
}

/** As `checkedExperiment`, for every run of a classic experiment; the problems name the variant. */
export async function checkedVariants(runs: readonly VariantRun[], datasets: Datasets): Promise<VariantRun[]> {
  const known = await datasets.list();
  const problems = new Map<string, Problem>();
  const checked: VariantRun[] = [];
  for (const { variant, experiment: input } of runs) {
    const { experiment, problems: found } = checkExperiment(input, known);
    if (experiment) checked.push({ variant, experiment });
    for (const problem of found) {
      const path = `variants.${variant}.${problem.path}`; // the same for every seed
      problems.set(path, { ...(await withDatasetFault(problem, datasets)), path });
    }
  }
  if (problems.size > 0) throw invalidExperiment([...problems.values()]);
  return checked;
}

export function invalidExperiment(problems: readonly Problem[]): LabError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const lines = problems.map((problem) => `  - ${describeProblem(problem)}`);
  return new LabError('invalid_experiment', [`This experiment has ${count}:`, ...lines].join('\n'), { problems });
}

/** The list leaves out what is damaged; asked for by name, a set says what is wrong with it, or how to get it. */
async function withDatasetFault(found: Problem, datasets: Datasets): Promise<Problem> {
  const name = dataSchema.shape.dataset.safeParse(found.value);
  if (found.path !== 'data.dataset' || !name.success) return found;
  try {
    await datasets.info(name.data);
    return found;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const code = error.code === 'dataset_not_found' ? 'absent-dataset' : 'damaged-dataset';
    return problemAt(found, refusal(code, { reason: error.message }));
  }
}

type Method = keyof LabApi;

/** `api` behind its schemas: no method sees arguments that do not fit. Throws: `bad_request` listing what is wrong. */
export function checkedApi(api: LabApi): LabApi {
  const methods = (Object.keys(labApi) as Method[]).map((method) => [method, checkedMethod(method, api[method])]);
  return Object.fromEntries(methods) as LabApi;
}

function checkedMethod(method: Method, implementation: LabApi[Method]) {
  return async (...args: unknown[]): Promise<unknown> => {
    const schema = labApi[method].args as z.ZodType<unknown[]>;
    const parsed = schema.safeParse(args);
    if (parsed.success) return (implementation as (...args: unknown[]) => Promise<unknown>)(...parsed.data);
    const problems = problemsOf(parsed.error, args, schema);
    throw new LabError('bad_request', `${method}: ${problems.map(describeProblem).join(' ')}`, { method, problems });
  };
}
