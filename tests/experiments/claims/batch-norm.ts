import { list, percent, type Claim } from './claim.ts';

export const batchNorm: readonly Claim[] = [
  {
    claim: 'Without batch normalization N(0, 0.01) stays at guessing',
    check(evidence) {
      const { mean } = evidence.of('normal-0.01').test.accuracy;
      return { held: mean! < 0.11, figures: percent(mean) };
    }
  },
  {
    claim: 'With it, N(0, 0.01) comes within 2 points of the test accuracy of He’s weights, or beyond',
    check(evidence) {
      const of = (variant: string) => evidence.of(variant).test.accuracy.mean!;
      return {
        held: of('normal-0.01-batch-norm') > of('he') - 0.02,
        figures: list(['normal-0.01-batch-norm', 'he', 'he-batch-norm'], (variant) => percent(of(variant)))
      };
    }
  }
];
