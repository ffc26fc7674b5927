import { expect, it } from 'vitest';
import { planOf, trainSmall } from '../../support/experiments.ts';
import { nodeBackends } from '../../support/backends.ts';

const LIMIT = 0.5;
const words = {
  title: 'words',
  nodes: [
    { kind: 'embedding', words: 3, width: 8, init: { kind: 'constant', value: 1 } },
    { kind: 'flatten' },
    { kind: 'dense', units: 3, init: { kind: 'zeros' } }
  ],
  training: { regularize: { maxNorm: LIMIT }, optimizer: { kind: 'sgd', learningRate: 1e-6 } },
  normalize: 'none'
} as const;

it.each(nodeBackends)('max-norm keeps the vector of every word short: %s', async (_, backend) => {
  const { at } = planOf(words).parameters.find(({ name }) => name === 'n1.W')!;
  const { parameters } = await trainSmall(backend, words);
  for (let word = 0; word < 3; word++) {
    const vector = Array.from(parameters.subarray(at + 8 * word, at + 8 * (word + 1)));
    expect(Math.hypot(...vector)).toBeCloseTo(LIMIT, 4);
  }
});
