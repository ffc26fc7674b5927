import { describe, expect, it } from 'vitest';
import { findDivergence, MOST_WORK } from '../../../src-worker/train/divergence.ts';
import { endOf, trainXor, xorPlan } from '../../support/train-xor.ts';

const constant = (value: number) => ({ kind: 'constant', value });

describe('where a run broke', () => {
  it('is the loss, when every output is still finite', async () => {
    const changes = {
      'training.loss': { kind: 'mse' },
      'network.nodes.a1.kind': 'relu',
      'network.nodes.out.init': constant(1e25)
    };
    const { status, step, diverged } = endOf(await trainXor({ changes }));
    expect([status, step]).toEqual(['diverged', 1]);
    expect(diverged).toEqual({ step: 1, node: 'out', what: 'loss', tensor: 'out.loss' });
  });

  it('is the first layer whose output is not finite, not one that merely follows', async () => {
    const changes = {
      'network.nodes.a1.kind': 'relu',
      'network.nodes.h1.init': constant(1e30),
      'network.nodes.out.init': constant(1e30)
    };
    expect(endOf(await trainXor({ changes })).diverged).toMatchObject({ node: 'out', what: 'output', tensor: 'out.y' });
    const earlier = { ...changes, 'network.nodes.h1.init': constant(3e38) };
    expect(endOf(await trainXor({ changes: earlier })).diverged).toMatchObject({ node: 'h1', tensor: 'h1.y' });
  });

  it('is not looked for in networks that take too long, but a broken weight is still told', async () => {
    const { plan, table, splits, initial } = xorPlan({});
    const large = { ...plan, multiplyAdds: MOST_WORK };
    const batch = { rows: splits.train, at: 0, count: 10, step: 1, mode: 'training' } as const;
    expect(await findDivergence(large, table, initial, batch)).toEqual({ node: null, what: null, tensor: null });
    const broken = initial.with(plan.parameters.find(({ name }) => name === 'out.W')!.at, Infinity);
    expect(await findDivergence(large, table, broken, batch)).toMatchObject({ node: 'out', what: 'parameter' });
    // With sound weights nothing is found at all.
    expect(await findDivergence(plan, table, initial, batch)).toEqual({ node: null, what: null, tensor: null });
  });
});
