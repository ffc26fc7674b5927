import { stepLosses, type Evidence } from '../evidence.ts';
import { list, percent, type Claim } from './claim.ts';

const kinds = ['batch', 'layer', 'instance'];
const accuracy = (evidence: Evidence, variant: string) => evidence.of(variant).test.accuracy.mean!;
/** What a batch of one costs in test accuracy, against one of 64. */
const cost = (evidence: Evidence, kind: string) => accuracy(evidence, `${kind}-64`) - accuracy(evidence, `${kind}-1`);

export const normalization: readonly Claim[] = [
  {
    claim:
      'With one image a batch, batch normalization is instance normalization in training: the first loss agrees to 1e-6',
    check(evidence) {
      const [batch, instance] = ['batch-1', 'instance-1'].map(
        (variant) => stepLosses(evidence.runsOf(variant)[0]!)[0]!
      );
      return {
        held: Math.abs(batch! - instance!) <= 1e-6 * Math.abs(instance!),
        figures: `${batch} and ${instance}`
      };
    }
  },
  {
    claim: 'Batches of one image cost batch normalization most test accuracy, against batches of 64',
    check(evidence) {
      return {
        held: cost(evidence, 'batch') > cost(evidence, 'layer') && cost(evidence, 'batch') > cost(evidence, 'instance'),
        figures: kinds
          .map((kind) => `${kind} ${list(['1', '64'], (size) => percent(accuracy(evidence, `${kind}-${size}`)))}`)
          .join('; ')
      };
    }
  }
];
