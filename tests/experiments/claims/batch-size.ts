import { mean, stepLosses, type Evidence } from '../evidence.ts';
import { list, number, percent, rises, type Claim } from './claim.ts';

const miniBatches = ['size-64', 'size-128', 'size-256', 'size-512'];
const all = ['size-1', ...miniBatches, 'full'];

const losses = (evidence: Evidence, variant: string) => stepLosses(evidence.runsOf(variant)[0]!);

/** How far the loss jumps from step to step, on average over the second half of the run. */
function roughness(evidence: Evidence, variant: string): number {
  const own = losses(evidence, variant);
  const late = own.slice(Math.floor(own.length / 2));
  return mean(late.slice(1).map((loss, i) => Math.abs(loss - late[i]!)));
}

export const batchSize: readonly Claim[] = [
  {
    claim: 'The larger the batch, the smoother the cost curve (mean jump from step to step, second half)',
    check(evidence) {
      const jumps = all.map((variant) => roughness(evidence, variant));
      return { held: rises(jumps.toReversed()), figures: list(all, (variant) => number(roughness(evidence, variant))) };
    }
  },
  {
    claim:
      'The whole training set at once: the cost falls at every step; with one example it rises about every second time',
    check(evidence) {
      const up = (variant: string) => {
        const own = losses(evidence, variant);
        return mean(own.slice(1).map((loss, i) => (loss > own[i]! ? 1 : 0)));
      };
      return {
        held: up('full') === 0 && up('size-1') > 0.4,
        figures: list(all, (variant) => `rises in ${percent(up(variant))} of its steps`)
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
      return { held: ratio > 1, figures: `${ratio.toFixed(1)} times as long` };
    }
  }
];
