/** An update rule by itself: given gradients in, weights and states out. */
import type { Backend } from '../../src-worker/backends/backend.ts';
import type { Kinded } from '../../src-worker/contract/fields.ts';
import type { OptimizerDefinition } from '../../src-worker/optimizers/optimizer.ts';
import { formula, ProgramBuilder } from '../../src-worker/plan/builder.ts';
import type { Op } from '../../src-worker/plan/program.ts';

export interface Follow {
  readonly definition: OptimizerDefinition;
  readonly settings: Kinded;
  readonly backend: Backend;
  readonly start: ArrayLike<number>;
  readonly steps: number;
  /** The gradients of step t at w. */
  gradient(w: ArrayLike<number>, t: number): ArrayLike<number>;
}

/** Weights and states after each step. */
export async function follow(of: Follow): Promise<Record<string, ArrayLike<number>>[]> {
  const { definition, settings, backend, start, steps, gradient } = of;
  const size = start.length;
  let values: Record<string, ArrayLike<number>> = { w: start };
  for (const name of definition.state) values[name] = new Float64Array(size);
  const trace: Record<string, ArrayLike<number>>[] = [];
  for (let t = 1; t <= steps; t++) {
    const builder = new ProgramBuilder();
    const names = ['w', 'g', ...definition.state];
    const tensors = Object.fromEntries(
      names.map((name) => [name, builder.tensor(name, [size], { perExample: false })])
    );
    const ops: Op[] = [];
    const numbers = settings as unknown as Record<string, number>; // flags and the kind are never asked for
    const constants = { ...numbers, ...definition.perStep?.(t, settings), t };
    builder.record(ops).map(formula(definition.update), tensors, { constants });
    const given = Object.entries({ ...values, g: gradient(values['w']!, t) });
    const results = await backend.run(
      { batchSize: 1, tensors: builder.tensors, ops },
      new Map(given.map(([name, value]) => [tensors[name]!, value]))
    );
    values = Object.fromEntries(['w', ...definition.state].map((name) => [name, results.get(tensors[name]!)!]));
    trace.push(values);
  }
  return trace;
}
