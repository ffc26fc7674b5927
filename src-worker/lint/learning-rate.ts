import { settingAt } from '../graph/fixes/mender.ts';
import { optimizers } from '../optimizers/table.ts';
import { defineRule, dense, kind } from './rule.ts';

/** Largest steps that are still tried, by optimizer. Those that divide by the size of the gradient move each weight by about α a step. */
const MOST: Readonly<Record<string, number>> = {
  ...{ adam: 0.1, adamw: 0.1, nadam: 0.1, adamax: 0.1, rmsprop: 0.1, adagrad: 1 },
  ...{ sgd: 5, momentum: 1, nesterov: 1 }
};
const LEAST = 1e-7;
const layers = [kind('flatten'), dense(10)];

/** Source: Kingma & Ba 2015, Adam, arXiv:1412.6980, section 2.1: the size of a step is about α at most. */
export const learningRate = defineRule({
  id: 'learning-rate',
  words: {
    what: 'A learning rate of {rate} for {kind}.',
    why: 'Steps this far from the usual {usual} mostly diverge, or do not get anywhere.',
    remedy: 'Begin with {usual}, then search on a log scale around it.'
  },
  lesson: 'search',
  bad: { layers, training: { optimizer: { kind: 'adam', learningRate: 1 } } },
  good: { layers, training: { optimizer: { kind: 'adam', learningRate: 0.001 } } },
  find({ experiment }) {
    const { kind: name, learningRate: rate } = experiment.training.optimizer as { kind: string; learningRate?: number };
    const most = MOST[name];
    if (most === undefined || rate === undefined || (rate <= most && rate >= LEAST)) return [];
    const usual = Number(optimizers[name]!.config['learningRate']!.default);
    const path = 'training.optimizer.learningRate';
    return [{ node: null, path, words: { rate, kind: name, usual }, fixes: [settingAt(path.split('.'), path, usual)] }];
  }
});
