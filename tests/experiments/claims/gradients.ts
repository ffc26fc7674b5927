/** Vanishing and exploding gradients, before the first step and in what can be learned. */
import type { Depth } from '../../../src-main/lab/depth.ts';
import type { Evidence } from '../evidence.ts';
import { list, number, percent, type Claim } from './claim.ts';

/** Of activations on their way forward, of gradients on their way back. */
const forward = ({ activations: { first, last } }: Depth) => last! / first!;
const back = ({ gradients: { first, last } }: Depth) => first! / last!;

const dying = ['relu-normal-0.01', 'sigmoid-xavier', 'sigmoid-normal-0.01'];

export const vanishingGradients: readonly Claim[] = [
  {
    claim:
      'relu with He’s weights keeps the signal: standard deviation of the last hidden layer over the first in 0.5 … 2',
    check(evidence) {
      const ratio = forward(evidence.depth('relu-he'));
      return { held: ratio >= 0.5 && ratio <= 2, figures: number(ratio) };
    }
  },
  {
    claim: 'With N(0, 0.01) it collapses: below a millionth',
    check(evidence) {
      const ratio = forward(evidence.depth('relu-normal-0.01'));
      return { held: ratio < 1e-6, figures: number(ratio) };
    }
  },
  {
    claim: 'With sigmoid the gradient vanishes on its way back: below a thousandth, even with Xavier’s weights',
    check(evidence) {
      const ratios = (variant: string) => back(evidence.depth(variant));
      const both = ['sigmoid-xavier', 'sigmoid-normal-0.01'];
      return {
        held: both.every((variant) => ratios(variant) < 1e-3),
        figures: list([...both, 'relu-he'], (variant) => number(ratios(variant)))
      };
    }
  },
  {
    claim: 'Where signal or gradient vanish nothing is learned; the other network learns',
    check(evidence) {
      const of = (variant: string) => evidence.of(variant).test.accuracy.mean!;
      return {
        held: dying.every((variant) => of(variant) < 0.11) && of('relu-he') > 0.6,
        figures: list(['relu-he', ...dying], (variant) => percent(of(variant)))
      };
    }
  }
];

const powers = [
  { variant: 'gain-1.5', gain: 1.5 },
  { variant: 'gain-0.5', gain: 0.5 },
  { variant: 'gain-1', gain: 1 }
];
const isNear = (value: number, expected: number) => Math.abs(value / expected - 1) < 1e-3;
const grows = (name: string, ratio: (depth: Depth) => number): Claim => ({
  claim: `${name} change by the gain to the power of 29 from the first to the last of 30 layers, to 0.1 %`,
  check(evidence: Evidence) {
    return {
      held: powers.every(({ variant, gain }) => isNear(ratio(evidence.depth(variant)), gain ** 29)),
      figures: powers
        .map(({ variant, gain }) => `${variant} ${number(ratio(evidence.depth(variant)))} (${number(gain ** 29)})`)
        .join(', ')
    };
  }
});

export const deepLinear: readonly Claim[] = [
  grows('Values', forward),
  grows('Gradients, on their way back,', back),
  {
    claim: 'Orthogonal matrices keep both within 5 %',
    check(evidence) {
      const depth = evidence.depth('orthogonal');
      const ratios = [forward(depth), back(depth)];
      return { held: ratios.every((ratio) => Math.abs(ratio - 1) < 0.05), figures: ratios.map(number).join(' and ') };
    }
  },
  {
    claim: '1.5 explodes (the loss is no longer a number), 0.5 stands still at ln 2, 1 and orthogonal learn',
    check(evidence) {
      const isStill = Math.abs(evidence.of('gain-0.5').test.loss.mean! - Math.LN2) < 1e-3;
      const learned = ['gain-1', 'orthogonal'];
      const of = (variant: string) => evidence.of(variant).test.accuracy.mean!;
      const { statuses } = evidence.of('gain-1.5');
      return {
        held:
          statuses.every((status) => status === 'diverged') &&
          isStill &&
          learned.every((variant) => of(variant) > 0.95),
        figures: `${statuses.join(', ')}; loss ${number(evidence.of('gain-0.5').test.loss.mean)}; ${list(learned, (variant) => percent(of(variant)))}`
      };
    }
  }
];
