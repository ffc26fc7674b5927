/** The gradients of an experiment at its first weights, on a few of its training examples. */
import type { GradcheckRequest, GradcheckResult } from '../../contract/verify.ts';
import { makePlan } from '../../plan/make-plan.ts';
import { checkPlanSize } from '../../plan/size.ts';
import { epochBatches } from '../../train/epoch-batches.ts';
import { initialParameters } from '../../train/initialize.ts';
import { prepareData } from '../../train/prepare-data.ts';
import { checkGradients } from '../../verify/gradient-check.ts';
import type { TaskHost } from '../task.ts';

export async function gradcheck(request: GradcheckRequest, host: TaskHost): Promise<GradcheckResult> {
  const { experiment, dataset, samples, step } = request;
  const { splits, table, info } = prepareData(experiment, dataset);
  const { shape, classes, values } = info;
  const plan = makePlan(experiment, { shape, classes: classes.length, values, examples: splits.train.length });
  const count = Math.min(request.examples, splits.train.length);
  checkPlanSize({ ...plan, batchSize: count });
  const { rows } = epochBatches(splits.train, count, experiment.seed, 1).take(0, 1, 1, () => ({}));
  return checkGradients({
    plan,
    table,
    rows,
    arena: initialParameters(plan, experiment.seed),
    step,
    samples,
    seed: experiment.seed,
    onProgress: (done, total, name) => host.progress({ share: done / total, what: name })
  });
}
