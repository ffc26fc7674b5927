/** Every layer of the table, also one added tomorrow: its backward pass against central differences of its forward pass. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import { layers } from '../../src-worker/layers/table.ts';
import { nodeBackends } from '../support/backends.ts';
import { layerProgram } from '../support/programs.ts';
import { gradientCases, worstGradient, worstSum } from './layer-cases.ts';

const oracle = referenceBackend('float64');
const computing = Object.values(layers).filter(({ forward }) => forward);

it.each(nodeBackends)('a word number has no slope, not even where it is infinite: %s', async (_, backend) => {
  const of = { definition: layers['embedding']!, settings: { words: 3, width: 2 }, batchSize: 2, inputShape: [2] };
  const given = { x: [Infinity, 1, -Infinity, 2], W: [1, 2, 3, 4, 5, 6], dy: new Float32Array(8).fill(1) };
  for (const passes of ['both', 'twice'] as const) {
    const { dx } = await layerProgram(of)!.run(backend, given, passes);
    expect(Array.from(dx!)).toEqual([0, 0, 0, 0]);
  }
});

describe.each(computing.map((definition) => ({ kind: definition.kind, definition })))('$kind', ({ definition }) => {
  const cases = gradientCases(definition);

  it('takes one of the shapes that are tried', () => expect(cases.length).toBeGreaterThan(0));

  it.each(cases)('has the gradients of its forward pass: $title', async (one) => {
    const { what, error } = await worstGradient(one, oracle);
    expect(error, what).toBeLessThan(1e-6);
  });

  it.each(cases)('adds to gradients: $title', async (one) => {
    const { what, error } = await worstSum(one, oracle);
    expect(error, what).toBeLessThan(1e-12);
  });
});
