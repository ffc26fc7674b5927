import { stepLosses, type Evidence } from '../evidence.ts';
import { list, number, type Claim } from './claim.ts';

const kinds = ['sgd', 'adagrad', 'adam', 'adadelta', 'nadam'];
const activations = ['sigmoid', 'relu'] as const;

const trainLoss = (evidence: Evidence, variant: string): number => evidence.of(variant).train.loss.mean!;

const slowest = (activation: string): Claim => ({
  claim: `With ${activation}, SGD and Adadelta have the highest training losses at the end`,
  check(evidence) {
    const losses = kinds.map((kind) => ({ kind, loss: trainLoss(evidence, `${activation}-${kind}`) }));
    losses.sort((a, b) => b.loss - a.loss);
    const two = losses.slice(0, 2).map(({ kind }) => kind);
    return {
      held: two.includes('sgd') && two.includes('adadelta'),
      figures: losses.map(({ kind, loss }) => `${kind} ${number(loss)}`).join(', ')
    };
  }
});

export const optimizers: readonly Claim[] = [
  {
    claim: 'The first loss is the same to the last bit for all five, for each activation and seed',
    check(evidence) {
      const firsts = activations.flatMap((activation) => {
        const runs = kinds.flatMap((kind) => evidence.runsOf(`${activation}-${kind}`));
        const seeds = [...new Set(runs.map(({ result }) => result.seed))];
        return seeds.map((seed) => runs.filter(({ result }) => result.seed === seed).map((run) => stepLosses(run)[0]!));
      });
      return {
        held: firsts.every((losses) => losses.length === kinds.length && losses.every((loss) => loss === losses[0])),
        figures: firsts.map((losses) => String(losses[0])).join(', ')
      };
    }
  },
  ...activations.map(slowest),
  {
    claim: 'With sigmoid, SGD hardly moves: its training loss stays within 0.02 of that of guessing, ln 10',
    check(evidence) {
      const loss = trainLoss(evidence, 'sigmoid-sgd');
      return { held: Math.abs(loss - Math.log(10)) < 0.02, figures: list(['sigmoid-sgd'], () => number(loss)) };
    }
  }
];
