/** Every backend on formulas over grids, their sums and maxima, and on columns and rows of tables, against plain float64 loops. */
import { describe, expect, it } from 'vitest';
import { nodeBackends } from '../support/backends.ts';
import { columnCases } from '../worker/backends/column-cases.ts';
import { formulaCases } from '../worker/backends/formula-cases.ts';
import { worstOf } from '../worker/backends/op-cases.ts';

describe.each(nodeBackends)('%s', (_, backend) => {
  it.each([...formulaCases(), ...columnCases()])('computes $title', async (one) => {
    expect(worstOf(one, await backend.run(one.program, one.inputs))).toBeLessThanOrEqual(1);
  });
});
