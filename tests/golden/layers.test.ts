/** Every layer against PyTorch, on every backend of Node. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import { layers } from '../../src-worker/layers/table.ts';
import { layerGoldens, worstOfGolden } from './layer-cases.ts';
import { compare, goldenCases } from './read.ts';
import { nodeBackends } from '../support/backends.ts';
import { openSession } from '../support/sessions.ts';
import { toNhwc } from './layouts.ts';

const cases = layerGoldens();

it('there are cases of every layer that computes, but of embedding, which the set does not know', () => {
  const computing = Object.values(layers).filter(({ kind, forward }) => forward && kind !== 'embedding');
  const covered = new Set(cases.map(({ definition }) => definition.kind));
  expect(computing.map(({ kind }) => kind).filter((kind) => !covered.has(kind))).toEqual([]);
});

describe.each(nodeBackends)('%s', (_, backend) => {
  it.each(cases)('$name', async (golden) => {
    const { worst, what } = await worstOfGolden(golden, backend);
    expect(worst, what).toBeLessThanOrEqual(1);
  });
});

/** Statistics of a dataset's batches through the plan and the engine, as a run has them. */
it('running averages after 3 batches', async () => {
  const one = goldenCases('layers_norm', 'batchnorm_running')[0]!;
  const batches = [1, 2, 3].map((step) => one.inputs[`x${step}`]!);
  const [batchSize, channels, height, width] = batches[0]!.shape as [number, number, number, number];
  const session = await openSession({
    backend: referenceBackend(),
    layers: [
      { kind: 'batch-norm', eps: one.params['eps'], rate: one.params['momentum'] },
      { kind: 'flatten' },
      { kind: 'dense', units: 2 }
    ],
    optimizer: { kind: 'sgd' },
    examples: Float32Array.from(batches.flatMap((batch) => Array.from(toNhwc(batch)))),
    shape: [height, width, channels],
    labels: new Int32Array(3 * batchSize),
    classes: 2,
    batchSize
  });
  const dense = { 'n3.W': new Float32Array(2 * channels * height * width), 'n3.b': new Float32Array(2) };
  const affine = { 'n1.gamma': new Float32Array(channels).fill(1), 'n1.beta': new Float32Array(channels) };
  const { running_mean: mean, running_var: variance } = one.inputs;
  await session.setParameters({ ...dense, ...affine, 'n1.mean': mean!.data, 'n1.variance': variance!.data });
  for (const step of [1, 2, 3]) {
    await session.step(Int32Array.from({ length: batchSize }, (_, b) => (step - 1) * batchSize + b));
    const got = await session.parameters();
    for (const [theirs, ours] of [
      ['mean', 'n1.mean'],
      ['var', 'n1.variance']
    ] as const) {
      const { worst, at } = compare(got[ours]!, one.expected[`running_${theirs}@${step}`]!);
      expect(worst, `${ours}[${at}] after step ${step}`).toBeLessThanOrEqual(1);
    }
  }
});
