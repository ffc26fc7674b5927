import { numbers } from '../contract/fields.ts';
import { refusal } from '../contract/refusal.ts';
import { Decisions } from './decisions.ts';
import { defineMetric, type Subject } from './metric.ts';

/** Kinds of answers that can be mistaken for each other: the classes, or no and yes. */
const answersOf = ({ target }: Subject): number => (target.kind === 'class' ? target.classes : 2);

/**
 * Mean cost of an answer, where one kind of mistake may cost more than another; a right answer costs nothing unless a table says so.
 *
 * Config: `costs`, one a class: what it costs to miss it; or a table of classes × classes, row by row: what it costs to give the column's
 * class where the row's is right; none: every mistake costs 1, which gives the error rate. For yes or no the two classes are no and yes.
 * Source: Elkan 2001, The Foundations of Cost-Sensitive Learning, IJCAI.
 */
export const weightedError = defineMetric({
  kind: 'weighted-error',
  help: 'Mean cost of an answer, where some mistakes cost more than others',
  config: {
    costs: numbers('What missing each class costs, or a table by right and given class; empty: 1', { min: 0, max: 1e6 })
  },
  better: 'lower',
  unit: 'number',
  tally: Decisions,
  refuses(subject, { costs }) {
    const answers = answersOf(subject);
    if ([0, answers, answers ** 2].includes(costs.length)) return null;
    const words = { count: costs.length, answers, squared: answers ** 2 };
    return refusal('unlike-costs', words, [{ set: { costs: [] } }]);
  },
  value(decisions, { costs }) {
    const { size } = decisions;
    const { total, count } = decisions.sum((right, given) => {
      if (costs.length === size ** 2) return costs[right * size + given]!;
      return right === given ? 0 : (costs[right] ?? 1);
    });
    return count > 0 ? total / count : null;
  }
});
