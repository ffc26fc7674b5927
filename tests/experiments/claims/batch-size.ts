import { mean, stepLosses, type Evidence } from '../evidence.ts';
import { list, number, percent, rises, type Claim } from './claim.ts';

const miniBatches = ['size-64', 'size-128', 'size-256', 'size-512'];
const all = ['size-1', ...miniBatches, 'full'];

const overSeeds = (evidence: Evidence, variant: string, of: (losses: number[]) => number): number =>
  mean(evidence.runsOf(variant).map((run) => of(stepLosses(run))));

/** How far the loss rises from one step to the next, on average; steps down count as 0: a steep descent is no noise. */
const noise = (losses: readonly number[]): number =>
  mean(losses.slice(1).map((loss, i) => Math.max(0, loss - losses[i]!)));
/** Share of the steps at which the loss rises. */
const rising = (losses: readonly number[]): number =>
  mean(losses.slice(1).map((loss, i) => (loss > losses[i]! ? 1 : 0)));

export const batchSize: readonly Claim[] = [
  {
    claim: 'The larger the batch, the smoother the cost curve (mean rise from step to step)',
    check(evidence) {
      const rise = (variant: string) => overSeeds(evidence, variant, noise);
      return { held: rises(all.map(rise).toReversed()), figures: list(all, (variant) => number(rise(variant))) };
    }
  },
  {
    claim:
      'The whole training set at once: the cost falls at every step; with one example it rises about every second time',
    check(evidence) {
      const up = (variant: string) => overSeeds(evidence, variant, rising);
      return {
        held: up('full') === 0 && up('size-1') > 0.4,
        figures: `rises in ${list(all, (variant) => percent(up(variant)))} of the steps`
      };
    }
  },
  {
    claim: 'After the same epochs the smaller mini-batch has learned more, the whole set least',
    check(evidence) {
      const order = [...miniBatches, 'full'];
      const of = (variant: string) => evidence.of(variant).train.loss.mean!;
      return { held: rises(order.map(of)), figures: list(order, (variant) => number(of(variant))) };
    }
  },
  {
    claim: 'An epoch of single examples takes longer than one of mini-batches of 64',
    check(evidence) {
      const ratio = evidence.of('size-1').seconds.mean! / evidence.of('size-64').seconds.mean!;
      return { held: ratio > 1, figures: ratio >= 2 ? 'more than twice as long' : `${ratio.toFixed(1)} times as long` };
    }
  }
];
