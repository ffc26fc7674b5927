import type { Final } from '../contract/run.ts';
import type { Plan } from '../plan/plan.ts';
import { distributionOf } from '../observe/distribution.ts';
import { evaluate, type EvaluateOptions } from './evaluate.ts';

const MOST_ROWS = 10_000;

/**
 * What became of the network. What was measured while it trained is a mean over weights that moved, with dropout; only this can be
 * compared with dev and test.
 */
export async function finalOf(options: EvaluateOptions, train: Int32Array): Promise<Final | 'stopped'> {
  const measured = await evaluate(options, spread(train, MOST_ROWS));
  if (measured === 'stopped') return 'stopped';
  const weights = weightsOf(options.plan, await options.engine.read('w'));
  return { train: measured?.metrics ?? { loss: null, accuracy: null }, weights };
}

/** Every so many: rows may lie class by class. */
const spread = (rows: Int32Array, most: number): Int32Array =>
  rows.length <= most ? rows : Int32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!);

const weightsOf = ({ parameters }: Plan, w: Float32Array): Final['weights'] =>
  parameters
    .filter(({ role }) => role === 'weight')
    .map(({ node, name, at, size }) => ({ node, name, values: distributionOf(w.subarray(at, at + size)) }));
