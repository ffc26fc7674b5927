import type { Evidence } from '../evidence.ts';
import { list, number, percent, type Claim } from './claim.ts';

const lossAfter = (evidence: Evidence, variant: string, epoch: number): number => {
  const losses = evidence
    .runsOf(variant)
    .flatMap(({ record }) =>
      record.events.flatMap((event) => (event.type === 'epoch' && event.epoch === epoch ? [event.train.loss!] : []))
    );
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
};

export const initialWeights: readonly Claim[] = [
  {
    claim: 'He’s weights learn faster than Xavier’s: a lower training loss in the first epoch and at the end',
    check(evidence) {
      const first = (variant: string) => lossAfter(evidence, variant, 1);
      const last = (variant: string) => evidence.of(variant).train.loss.mean!;
      return {
        held: first('he') < first('xavier') && last('he') < last('xavier'),
        figures: list(['he', 'xavier'], (variant) => `${number(first(variant))} → ${number(last(variant))}`)
      };
    }
  },
  {
    claim: 'He’s weights end with the best test accuracy',
    check(evidence) {
      const of = (variant: string) => evidence.of(variant).test.accuracy.mean!;
      return {
        held: of('he') > of('xavier') && of('he') > of('normal-0.01'),
        figures: list(['he', 'xavier', 'normal-0.01'], (variant) => percent(of(variant)))
      };
    }
  },
  {
    claim: 'N(0, 0.01) does not learn: test accuracy of guessing, and a loss within 0.001 of ln 10',
    check(evidence) {
      const { test } = evidence.of('normal-0.01');
      return {
        held: test.accuracy.mean! < 0.11 && Math.abs(test.loss.mean! - Math.log(10)) < 1e-3,
        figures: `accuracy ${percent(test.accuracy.mean)}, loss ${number(test.loss.mean)}`
      };
    }
  }
];
