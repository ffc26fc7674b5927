/** Every layer of the table, also one added tomorrow: its backward pass against central differences of its forward pass. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import { layers } from '../../src-worker/layers/table.ts';
import { gradientCases, worstGradient, worstSum } from './layer-cases.ts';

const oracle = referenceBackend('float64');
const computing = Object.values(layers).filter(({ forward }) => forward);

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
