/** Weight decay, dropout and early stopping. */
import { list, number, percent, rises, type Claim } from './claim.ts';

export const weightDecay: readonly Claim[] = [
  {
    claim: 'λ/2·‖W‖² with λ = 0.1 halves the gap between training and test accuracy, or better',
    check(evidence) {
      const gap = (variant: string) => evidence.of(variant).gap.mean!;
      return {
        held: gap('half-0.1') < gap('none') / 2,
        figures: list(['none', 'half-0.1'], (variant) => percent(gap(variant)))
      };
    }
  },
  {
    claim: 'Decoupled decay and λ/2m·‖W‖² of the same size move the gap by less than 2 points',
    check(evidence) {
      const gap = (variant: string) => evidence.of(variant).gap.mean!;
      const others = ['decoupled-0.1', 'per-example-0.1'];
      return {
        held: others.every((variant) => Math.abs(gap(variant) - gap('none')) < 0.02),
        figures: list(['none', ...others], (variant) => percent(gap(variant)))
      };
    }
  }
];

const sweep = ['off', 'rate-0.1', 'rate-0.2', 'rate-0.3', 'rate-0.4', 'rate-0.5'];

export const dropout: readonly Claim[] = [
  {
    claim:
      'Where the network still learns, from none to 0.3, the gap between training and test accuracy shrinks with every step',
    check(evidence) {
      const gap = (variant: string) => evidence.of(variant).gap.mean!;
      return {
        held: rises(sweep.slice(0, 4).map(gap).toReversed()),
        figures: list(sweep, (variant) => percent(gap(variant)))
      };
    }
  },
  {
    claim: 'Some rate lowers the test loss by a fifth and more, at a test accuracy no worse than without',
    check(evidence) {
      const { loss, accuracy } = evidence.of('off').test;
      const better = sweep.slice(1).filter((variant) => {
        const { test } = evidence.of(variant);
        return test.loss.mean! <= 0.8 * loss.mean! && test.accuracy.mean! >= accuracy.mean!;
      });
      const tell = (variant: string) => {
        const { test } = evidence.of(variant);
        return `${number(test.loss.mean)} and ${percent(test.accuracy.mean)}`;
      };
      return { held: better.length > 0, figures: list(sweep, tell) };
    }
  },
  {
    claim: 'Half of all units dropped in every layer: the training set is learned worse than without',
    check(evidence) {
      const of = (variant: string) => evidence.of(variant).train.accuracy.mean!;
      return {
        held: of('rate-0.5') < of('off') - 0.05,
        figures: list(['off', 'rate-0.5'], (variant) => percent(of(variant)))
      };
    }
  }
];

export const earlyStopping: readonly Claim[] = [
  {
    claim: 'It ends before half of the epochs, with every seed',
    check(evidence) {
      const epochs = evidence.runsOf('patience-2').map(({ result }) => result.epochs);
      const whole = evidence.of('none').epochs.mean!;
      return { held: epochs.every((count) => count < whole / 2), figures: `${epochs.join(', ')} of ${whole}` };
    }
  },
  ...(['dev', 'test'] as const).map((part): Claim => ({
    claim: `Its ${part} loss is the lower one, with every seed`,
    check(evidence) {
      const losses = (variant: string) => evidence.runsOf(variant).map(({ result }) => result[part]!.loss!);
      const [stopped, whole] = [losses('patience-2'), losses('none')];
      return {
        held: stopped.every((loss, i) => loss < whole[i]!),
        figures: `stopped ${stopped.map(number).join(', ')}; not stopped ${whole.map(number).join(', ')}`
      };
    }
  }))
];
