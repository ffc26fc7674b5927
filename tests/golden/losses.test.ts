/** Every loss against PyTorch. */
import { describe, expect, it } from 'vitest';
import { losses } from '../../src-worker/losses/table.ts';
import type { TargetData } from '../../src-worker/losses/target.ts';
import { nodeBackends } from '../support/backends.ts';
import { lossProgram } from '../support/loss-programs.ts';
import { compare, readGolden, type GoldenCase, type GoldenTensor } from './read.ts';

const kinds: Record<string, string> = {
  softmax: 'cross-entropy',
  bce: 'binary-cross-entropy',
  mse: 'mse',
  mae: 'mae',
  huber: 'huber'
};
const kindOf = ({ name }: GoldenCase) => kinds[name.split('_')[0]!];

const cases = [
  ...readGolden('losses').cases,
  ...readGolden('edges').cases.filter((one) => kindOf(one) && !one.inputs['dy'])
].map((one) => ({ name: one.name, one }));

/** One example a row; a vector is as many examples of one output. */
const rowsOf = ({ shape }: GoldenTensor): [number, number] => [shape[0]!, shape[1] ?? 1];

function programOf(one: GoldenCase) {
  const { inputs, params } = one;
  const z = (inputs['logits'] ?? inputs['pred'] ?? inputs['x'])!;
  const [batchSize, width] = rowsOf(z);
  const kind = kindOf(one)!;
  const column = { kind: kind === 'binary-cross-entropy' ? ('binary' as const) : ('number' as const) };
  const isClass = kind === 'cross-entropy';
  const values = isClass ? [] : Array.from({ length: width }, (_, at) => ({ name: `${at}`, ...column }));
  const data: TargetData = { classes: isClass ? width : 0, values };
  const settings = {
    ...(params['label_smoothing'] !== undefined && { smoothing: params['label_smoothing'] }),
    ...(params['delta'] !== undefined && { delta: params['delta'] }),
    ...(inputs['class_weights'] && { classWeights: Array.from(inputs['class_weights'].data) }),
    ...(inputs['pos_weight'] && { positiveWeights: Array.from(inputs['pos_weight'].data) })
  };
  const isMixed = isClass && inputs['targets'] !== undefined;
  return { z: z.data, program: lossProgram({ kind, settings, data, output: [width], batchSize, isMixed })! };
}

it('there are cases of every loss', () => {
  expect(new Set(cases.map(({ one }) => kindOf(one)))).toEqual(new Set(Object.keys(losses)));
});

describe.each(nodeBackends)('%s', (_, backend) => {
  it.each(cases)('$name', async ({ one }) => {
    const { inputs, expected } = one;
    const { z, program } = programOf(one);
    const { loss, dz } = await program.run(backend, z, (source, size) => {
      if (source.kind === 'present') return inputs['mask']?.data ?? new Float32Array(z.length).fill(1);
      const given = inputs['targets'] ?? inputs['target'];
      if (given) return given.data;
      const labels = inputs['labels']!.data;
      return size === 1 ? labels : Array.from(z, (_, i) => (labels[Math.floor(i / size)] === i % size ? 1 : 0));
    });
    const gradient = (expected['dlogits'] ?? expected['dpred'] ?? expected['dx'])!;
    for (const [what, got, wanted] of [
      ['loss', [loss], expected['loss']!],
      ['dz', dz, gradient]
    ] as const) {
      const { worst, at } = compare(got, wanted);
      expect(worst, `${what}[${at}]: ${got[at]} instead of ${wanted.data[at]}`).toBeLessThanOrEqual(1);
    }
  });
});
