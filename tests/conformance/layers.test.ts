/** Every layer of the table, also one added tomorrow: its backward pass against central differences of its forward pass. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import { layers } from '../../src-worker/layers/table.ts';
import { sizeOf, type Shape } from '../../src-worker/plan/program.ts';
import { layerProgram } from '../support/programs.ts';

const oracle = referenceBackend('float64');
const BATCH = 3;
const STEP = 1e-5;

/** Input shapes to try; a layer takes those that it accepts. */
const shapes: Shape[] = [[5], [1], [4, 3, 2]];
/** Settings that differ from the defaults, where a layer has more than one way to compute. */
const variants: Record<string, Record<string, unknown>[]> = {
  dense: [{ units: 4 }, { units: 1, bias: false }],
  conv2d: [
    { filters: 3 },
    { filters: 2, kernel: 2, kernelWidth: 3, stride: 2, padding: 'same', bias: false },
    { filters: 1, kernel: 1, stride: 3, padding: 'explicit', pad: 2 }
  ],
  'max-pool': [{}, { kernel: 3, stride: 1, padding: 'same' }, { kernel: 1, kernelWidth: 2, stride: 3 }],
  'average-pool': ['same', 'explicit'].flatMap((padding) =>
    [true, false].map((countBorder) => ({ kernel: 3, stride: 2, padding, pad: 1, countBorder }))
  ),
  gelu: [{ approximate: 'none' }, { approximate: 'tanh' }]
};

const cases = Object.values(layers)
  .filter(({ kind, view }) => kind !== 'input' && !view) // neither has operations of its own
  .flatMap((definition) =>
    (variants[definition.kind] ?? [{}]).flatMap((settings) =>
      shapes.flatMap((inputShape) => {
        const program = layerProgram({ definition, settings, batchSize: BATCH, inputShape });
        const title = `${definition.kind} ${JSON.stringify(settings)} on ${inputShape.join('×')}`;
        return program ? [{ title, kind: definition.kind, program }] : [];
      })
    )
  );

/** Values away from 0, where relu and its kin have a kink. */
function draw(size: number, stream: string): Float64Array {
  const random = randomStream(7, `init/${stream}`);
  return Float64Array.from({ length: size }, () => (random.below(2) === 0 ? 1 : -1) * (0.1 + random.uniform()));
}

describe('the backward pass is the derivative of the forward pass', () => {
  it('covers every kind of the table that computes', () => {
    const computing = Object.values(layers).filter(({ forward }) => forward);
    expect([...new Set(cases.map(({ kind }) => kind))]).toEqual(computing.map(({ kind }) => kind));
  });

  it.each(cases)('$title', async ({ program: { tensors, run } }) => {
    const parameters = Object.keys(tensors).filter((name) => `d${name}` in tensors && !['x', 'y'].includes(name));
    const size = (name: string) => sizeOf(tensors[name]!.shape) * (tensors[name]!.perExample ? BATCH : 1);
    const inputs = Object.fromEntries(['x', 'dy', ...parameters].map((name) => [name, draw(size(name), name)]));
    const analytic = await run(oracle, inputs);
    /** Σ y·dy, whose derivative in x is dx. */
    const objective = async () => {
      const { y } = await run(oracle, inputs, 'forward');
      return Array.from(y!).reduce((sum, value, i) => sum + value * inputs['dy']![i]!, 0);
    };
    for (const name of ['x', ...parameters])
      for (let i = 0; i < size(name); i++) {
        const kept = inputs[name]![i]!;
        inputs[name]![i] = kept + STEP;
        const up = await objective();
        inputs[name]![i] = kept - STEP;
        const down = await objective();
        inputs[name]![i] = kept;
        const numeric = (up - down) / (2 * STEP);
        const error = Math.abs(numeric - analytic[`d${name}`]![i]!) / Math.max(1, Math.abs(numeric));
        expect(error, `d${name}[${i}]: ${analytic[`d${name}`]![i]} against ${numeric}`).toBeLessThan(1e-6);
      }
  });
});
