/** Every loss of the table, also one added tomorrow: its gradient against central differences of what training descends. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import { losses } from '../../src-worker/losses/table.ts';
import { targetOf } from '../../src-worker/losses/target.ts';
import type { Target } from '../../src-worker/plan/plan.ts';
import { nodeBackends } from '../support/backends.ts';
import { lossProgram } from '../support/loss-programs.ts';
import { giveTargets, lossCases, worstLossGradient } from './loss-cases.ts';

const oracle = referenceBackend('float64');

describe.each(Object.keys(losses))('%s', (kind) => {
  const cases = lossCases(kind);

  it('judges one of the targets that are tried', () => expect(cases.length).toBeGreaterThan(0));

  it.each(cases)('has the gradient of its loss: $title', async (one) => {
    const { what, error } = await worstLossGradient(one, oracle);
    expect(error, what).toBeLessThan(1e-8);
  });
});

describe('missing labels', () => {
  const one = lossCases('binary-cross-entropy').find(({ title }) => title.includes('with gaps'))!;
  const z = [0.3, -2, 1, 0.5, 0.1, -0.7, 2, 2, -1, 0, 1, 3, -3, 0.2, 0.4];

  it('add nothing to the gradient, whatever the output', async () => {
    const give = giveTargets(one);
    const present = give({ kind: 'present', columns: [0, 1, 2] }, 3);
    const gaps = Array.from(present, (known, i) => ({ known, i })).filter(({ known }) => known === 0);
    expect(gaps.length).toBeGreaterThan(2);
    const { dz, loss } = await one.program.run(oracle, z, give);
    const moved = z.map((value, i) => (present[i] === 0 ? 100 : value));
    const other = await one.program.run(oracle, moved, give);
    for (const { i } of gaps) expect(dz[i]).toBe(0);
    expect(other.loss).toBe(loss);
    expect(Array.from(other.dz)).toEqual(Array.from(dz));
  });

  it('in a whole batch give a gradient of 0, not of NaN', async () => {
    const { dz } = await one.program.run(oracle, z, (source, size) => {
      return new Float64Array(5 * size).fill(source.kind === 'present' ? 0 : 1);
    });
    expect(Array.from(dz)).toEqual(new Array(15).fill(0));
  });
});

it('a class weighed with 0 has no gradient', async () => {
  const data = { classes: 2, values: [] };
  const of = { kind: 'cross-entropy', settings: { classWeights: [1, 0] }, data, output: [2], batchSize: 2 };
  const oneHot = [1, 0, 0, 1];
  const { dz, loss } = await lossProgram(of)!.run(oracle, [0, 0, 0, 5], () => oneHot);
  expect(loss).toBeCloseTo(Math.log(2), 12);
  expect(Array.from(dz)).toEqual([-0.5, 0.5, 0, 0]);
});

describe('of equal outputs the first is the answer', () => {
  const data = { classes: 3, values: [] };
  const judge = (kind: string, settings: Record<string, unknown>, isMixed = false) =>
    lossProgram({ kind, settings, data, output: [3], batchSize: 6, isMixed })!;
  const z = [0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, -2, -1, -1, 7, 7, 7];
  const labels = [0, 1, 1, 2, 1, 2];
  const oneHot = labels.flatMap((label) => [0, 1, 2].map((k) => Number(k === label)));

  it.each(
    nodeBackends.flatMap(([name, backend]) =>
      [
        ['cross-entropy', {}],
        ['cross-entropy', { smoothing: 0.1 }],
        ['cross-entropy', { classWeights: [1, 2, 3] }],
        ['mse', {}]
      ].map(([kind, settings]) => ({ name, backend, kind: kind as string, settings: settings as object }))
    )
  )('by $kind $settings on $name', async ({ backend, kind, settings }) => {
    const { correct } = await judge(kind, { ...settings }).run(backend, z, ({ kind: source }) =>
      source === 'label' ? labels : oneHot
    );
    expect(correct).toBe(3); // rows 0, 2 and 4
  });

  it.each(nodeBackends)(
    'of mixed examples with equal shares either is right, else the larger: %s',
    async (_, backend) => {
      const shares = [0.5, 0.5, 0, 0.5, 0.5, 0, 0, 0.25, 0.75, 0, 0.75, 0.25, 0.5, 0, 0.5, 0.375, 0, 0.625];
      const { correct } = await judge('cross-entropy', {}, true).run(backend, z, () => shares);
      expect(correct).toBe(3); // rows 0, 1 and 3
    }
  );
});

it.each(nodeBackends)('a batch of nothing but classes weighed with 0 has no gradient: %s', async (_, backend) => {
  const data = { classes: 2, values: [] };
  for (const smoothing of [0, 0.2]) {
    const settings = { classWeights: [1, 0], smoothing };
    const program = lossProgram({ kind: 'cross-entropy', settings, data, output: [2], batchSize: 2 })!;
    const { dz } = await program.run(backend, [0, 1, 3, -2], () => [0, 1, 0, 1]);
    expect(Array.from(dz, Math.abs)).toEqual([0, 0, 0, 0]);
  }
});

it('binary cross-entropy refuses quantities, also among yes and no', () => {
  const columns = ['number', 'binary'].map((kind, at) => ({ name: `v${at}`, kind: kind as 'number' | 'binary' }));
  const refusalOf = (values: typeof columns) => {
    const target = targetOf(null, { classes: 0, values }) as Target;
    return losses['binary-cross-entropy']!.refuses([values.length], target, { positiveWeights: [] } as never);
  };
  expect(refusalOf(columns.slice(1))).toBeNull();
  for (const values of [columns, columns.slice(0, 1)])
    expect(refusalOf(values)).toMatchObject({
      why: expect.stringContaining('yes or no') as string,
      remedy: expect.stringContaining('mse') as string
    });
});
