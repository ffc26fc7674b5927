import { mean, weightsOf, type Evidence } from '../evidence.ts';
import { list, number, percent, rises, type Claim } from './claim.ts';

const zeros = (evidence: Evidence, variant: string) => evidence.of(variant).zeros.mean!;
/** Standard deviation of the weights of the first layer. */
const spread = (evidence: Evidence, variant: string) =>
  mean(evidence.runsOf(variant).map(({ record }) => weightsOf(record)[0]!.values.sd!));

const l1 = ['l1-0.001', 'l1-0.003', 'l1-0.01'];
const l2 = ['l2-0.01', 'l2-0.1'];

export const weightPenalties: readonly Claim[] = [
  {
    claim: 'L1 drives weights exactly to 0, the more the stronger it is, and most of them in the end',
    check(evidence) {
      const shares = ['none', ...l1].map((variant) => zeros(evidence, variant));
      return {
        held: rises(shares) && shares.at(-1)! > 0.5,
        figures: list(['none', ...l1], (variant) => percent(zeros(evidence, variant)))
      };
    }
  },
  {
    claim: 'L2 leaves not a single weight exactly at 0, however strong',
    check(evidence) {
      return {
        held: l2.every((variant) => zeros(evidence, variant) === 0),
        figures: list(l2, (variant) => percent(zeros(evidence, variant)))
      };
    }
  },
  {
    claim: 'L2 makes weights smaller: less than half the standard deviation in the first layer',
    check(evidence) {
      return {
        held: l2.every((variant) => spread(evidence, variant) < spread(evidence, 'none') / 2),
        figures: list(['none', ...l2], (variant) => number(spread(evidence, variant)))
      };
    }
  },
  {
    claim: 'With L2 beside it the same L1 has more zeros',
    check(evidence) {
      const both = ['l1-0.001', 'elastic-net'];
      return {
        held: rises(both.map((variant) => zeros(evidence, variant))),
        figures: list(both, (variant) => percent(zeros(evidence, variant)))
      };
    }
  }
];
