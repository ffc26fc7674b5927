import { mean, weightsOf, type Evidence } from '../evidence.ts';
import { list, number, percent, type Claim } from './claim.ts';

const zeros = (evidence: Evidence, variant: string) => evidence.of(variant).zeros.mean!;
/** Standard deviation of the weights of the first layer. */
const spread = (evidence: Evidence, variant: string) =>
  mean(evidence.runsOf(variant).map(({ record }) => weightsOf(record)[0]!.values.sd!));

export const weightPenalties: readonly Claim[] = [
  {
    claim: 'L1, and L1 with L2, drive more than half of all weights exactly to 0',
    check(evidence) {
      const both = ['l1', 'elastic-net'];
      return {
        held: both.every((variant) => zeros(evidence, variant) > 0.5),
        figures: list(both, (variant) => percent(zeros(evidence, variant)))
      };
    }
  },
  {
    claim: 'L2 leaves not a single weight exactly at 0, as does no penalty',
    check(evidence) {
      const both = ['none', 'l2'];
      return {
        held: both.every((variant) => zeros(evidence, variant) === 0),
        figures: list(both, (variant) => percent(zeros(evidence, variant)))
      };
    }
  },
  {
    claim: 'L2 makes the weights smaller: less than half the standard deviation in the first layer',
    check(evidence) {
      const both = ['none', 'l2'];
      return {
        held: spread(evidence, 'l2') < spread(evidence, 'none') / 2,
        figures: list(both, (variant) => number(spread(evidence, variant)))
      };
    }
  }
];
