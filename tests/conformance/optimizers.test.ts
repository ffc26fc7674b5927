/** Every optimizer of the table, also one added tomorrow. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import { schemaOf } from '../../src-worker/contract/fields.ts';
import { optimizers } from '../../src-worker/optimizers/table.ts';
import { follow } from '../support/follow.ts';
import { byHand, settingsOf, worstUpdate } from './optimizer-cases.ts';

const oracle = referenceBackend('float64');
const single = referenceBackend();
const standard = (kind: string) => schemaOf(kind, optimizers[kind]!.config).parse({ kind });

describe.each(Object.values(optimizers).map((definition) => ({ kind: definition.kind, definition })))(
  '$kind',
  ({ kind, definition }) => {
    it.runIf(kind in byHand)('follows its formula, step by step', async () => {
      const { what, error } = await worstUpdate(definition, oracle);
      expect(error, what).toBeLessThan(1e-13);
    });

    it('stands still where there never was a gradient and nothing decays', async () => {
      const settings = { ...standard(kind), ...('weightDecay' in definition.config && { weightDecay: 0 }) };
      const start = Float64Array.of(-2, 0, 0.5);
      const gradient = () => new Float64Array(3);
      const trace = await follow({ definition, settings, backend: oracle, start, steps: 3, gradient });
      for (const { w } of trace) expect(Array.from(w!)).toEqual([-2, 0, 0.5]);
    });

    it('goes downhill', async () => {
      const start = Float64Array.of(1, -3, 0.2);
      const gradient = (w: ArrayLike<number>) => w; // of w²/2
      const settings = standard(kind);
      const trace = await follow({ definition, settings, backend: oracle, start, steps: 30, gradient });
      for (const [i, first] of start.entries()) expect(Math.abs(trace.at(-1)!['w']![i]!)).toBeLessThan(Math.abs(first));
    });

    it('keeps weights and states finite in float32 for gradients from 1e-18 to 1e18', async () => {
      const gradient = (_: unknown, t: number) => Float64Array.of(1e-18, -1e-18, 1e18, -1e18).map((g) => g * (t % 2));
      const settings = standard(kind);
      const trace = await follow({ definition, settings, backend: single, start: [1, 1, 1, 1], steps: 4, gradient });
      for (const values of trace)
        for (const [name, numbers] of Object.entries(values))
          expect(Array.from(numbers).every(Number.isFinite), `${name}: ${Array.from(numbers).join()}`).toBe(true);
    });

    it('gives the same bits again', async () => {
      const gradient = (w: ArrayLike<number>, t: number) => Float64Array.from(w, (value, i) => Math.sin(value * t + i));
      const settings = settingsOf(definition);
      const run = () =>
        follow({ definition, settings, backend: single, start: [0.1, 2, -3, 0.7], steps: 10, gradient });
      expect(await run()).toEqual(await run());
    });
  }
);

it('the rules of the papers are written out for the classic optimizers', () => {
  expect(Object.keys(byHand).filter((kind) => !(kind in optimizers))).toEqual([]);
  expect(Object.keys(byHand)).toHaveLength(10);
});
