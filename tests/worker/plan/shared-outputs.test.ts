/** Outputs that are the same memory as another node: the gradient there is the sum of what every loss and every layer gives back. */
import { describe, expect, it } from 'vitest';
import type { Kinded } from '../../../src-worker/contract/fields.ts';
import { initialParameters } from '../../../src-worker/train/initialize.ts';
import { checkGradients } from '../../../src-worker/verify/gradient-check.ts';
import { planOf, tableOf, type SmallExperiment } from '../../support/experiments.ts';

const head = (loss: Kinded, share = 1) => ({ loss, target: 'class', share });
const crossEntropy = { kind: 'cross-entropy' };
const trunk = { kind: 'dense', id: 'trunk', units: 3 };
const view = (id: string) => ({ kind: 'flatten', id });
const viewsOfOne = {
  nodes: [trunk, view('one'), view('two')],
  edges: [
    ['n0', 'trunk'],
    ['trunk', 'one'],
    ['trunk', 'two']
  ]
} as const;

const networks: readonly SmallExperiment[] = [
  ...[
    { one: head(crossEntropy), two: head(crossEntropy) },
    { one: head(crossEntropy), two: head({ kind: 'mse' }, 0.5) },
    { one: head({ kind: 'huber' }), two: head({ kind: 'cross-entropy', classWeights: [1, 2, 0.5] }) }
  ].map((heads) => ({ title: `two views, ${JSON.stringify(heads)}`, ...viewsOfOne, training: { heads } })),
  {
    title: 'a view beside a layer that goes on',
    nodes: [trunk, view('one'), { kind: 'tanh', id: 'act' }, { kind: 'dense', id: 'two', units: 3 }],
    edges: [
      ['n0', 'trunk'],
      ['trunk', 'one'],
      ['trunk', 'act'],
      ['act', 'two']
    ],
    training: { heads: { one: head(crossEntropy), two: head(crossEntropy) } }
  }
];

describe('outputs that share memory', () => {
  it.each(networks)('have right gradients: $title', async (of) => {
    const plan = planOf(of);
    const rows = Int32Array.from({ length: plan.batchSize }, (_, row) => row);
    const { passed, error } = await checkGradients({
      plan,
      table: tableOf(of),
      rows,
      arena: initialParameters(plan, 3)
    });
    expect(error).toBeLessThan(1e-7);
    expect(passed).toBe(true);
  });
});
