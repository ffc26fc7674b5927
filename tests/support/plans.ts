import type { FeedSource, Plan } from '../../src-worker/plan/plan.ts';
import type { Tensor } from '../../src-worker/plan/program.ts';

/** The tensor of a plan that is fed from a source of this kind. */
export function fed({ feeds }: Plan, kind: FeedSource['kind']): Tensor {
  const found = feeds.find(({ source }) => source.kind === kind);
  if (!found) throw new Error(`Nothing in this plan is fed with ${kind}.`);
  return found.tensor;
}
