import type { Evidence } from '../evidence.ts';
import { list, percent, type Claim } from './claim.ts';

const ways = ['grid', 'random-log', 'random-linear'];

const trials = ({ runs }: Evidence, way: string) =>
  runs
    .filter(({ result }) => result.variant.startsWith(`${way}-`))
    .map(({ result, record }) => ({
      rate: (record.experiment.training.optimizer as unknown as { learningRate: number }).learningRate,
      dev: result.dev?.accuracy ?? 0
    }));
const rates = (evidence: Evidence, way: string) => trials(evidence, way).map(({ rate }) => rate);
const best = (evidence: Evidence, way: string) => Math.max(...trials(evidence, way).map(({ dev }) => dev));

export const search: readonly Claim[] = [
  {
    claim: 'Nine trials try 3 learning rates on the grid (the square root) and 9 at random',
    check(evidence) {
      const distinct = (way: string) => new Set(rates(evidence, way)).size;
      return {
        held: distinct('grid') === 3 && distinct('random-log') === 9 && distinct('random-linear') === 9,
        figures: list(ways, (way) => String(distinct(way)))
      };
    }
  },
  {
    claim: 'On a linear scale most learning rates lie above 0.1; on a log scale at most a half do',
    check(evidence) {
      const high = (way: string) => rates(evidence, way).filter((rate) => rate > 0.1).length;
      return {
        held: high('random-linear') >= 7 && high('random-log') <= 4,
        figures: list(['random-log', 'random-linear'], (way) => `${high(way)} of 9`)
      };
    }
  },
  {
    claim: 'The best model of the random trials on a log scale beats that of the grid (dev accuracy)',
    check(evidence) {
      return {
        held: best(evidence, 'random-log') > best(evidence, 'grid'),
        figures: list(ways, (way) => percent(best(evidence, way)))
      };
    }
  },
  {
    claim: 'The best model of the linear scale is the worst of the three',
    check(evidence) {
      const linear = best(evidence, 'random-linear');
      return {
        held: linear < best(evidence, 'grid') && linear < best(evidence, 'random-log'),
        figures: list(ways, (way) => percent(best(evidence, way)))
      };
    }
  }
];
