import { describe, expect, it } from 'vitest';
import { schemaOf } from '../../../src-worker/contract/fields.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { layers } from '../../../src-worker/layers/table.ts';
import type { Shape } from '../../../src-worker/plan/program.ts';
import { describedDatasets } from '../../support/datasets.ts';

function shapeOf(kind: string, settings: Record<string, unknown>, ...inputs: Shape[]) {
  const definition = layers[kind]!;
  const config = schemaOf(kind, definition.config).parse({ kind, ...settings });
  return definition.outputShape(inputs, config as never);
}

describe('shapes of layers', () => {
  it.each([
    ['softmax', {}, [[4, 4, 3]], [4, 4, 3]],
    ['layer-norm', {}, [[8, 8, 1]], [8, 8, 1]],
    ['instance-norm', {}, [[5, 3]], [5, 3]],
    ['group-norm', { groups: 3 }, [[2, 2, 6]], [2, 2, 6]],
    ['group-norm', { groups: 2 }, [[6]], [6]],
    [
      'concat',
      {},
      [
        [4, 4, 3],
        [4, 4, 1],
        [4, 4, 2]
      ],
      [4, 4, 6]
    ],
    ['concat', {}, [[5], [2]], [7]],
    ['max-pool', { kernel: 3, stride: 1, padding: 'explicit', pad: 2 }, [[4, 4, 1]], [6, 6, 1]],
    ['conv2d', { filters: 2, kernel: 1, padding: 'explicit', pad: 2 }, [[4, 4, 1]], [8, 8, 2]],
    ['conv2d', { filters: 2, kernel: 2, stride: 1, strideWidth: 3 }, [[6, 9, 1]], [5, 3, 2]],
    ['max-pool', { strideWidth: 1 }, [[6, 6, 2]], [3, 5, 2]],
    ['average-pool', { strideWidth: 3, padding: 'same' }, [[7, 7, 2]], [4, 3, 2]],
    ['embedding', { width: 8 }, [[12]], [12, 8]],
    ['global-average-pool', {}, [[12, 8]], [8]]
  ] as const)('%s %j on %j gives %j', (kind, settings, inputs, expected) => {
    expect(shapeOf(kind, settings, ...inputs)).toEqual(expected);
  });

  it.each([
    ['softmax', {}, [[1]], /always 1/, /sigmoid/],
    ['layer-norm', { over: 'channels' }, [[4, 4, 1]], /normalized alone/, /share a mean/],
    ['instance-norm', {}, [[6]], /normalized alone/, /batch normalization/],
    [
      'group-norm',
      { groups: 4 },
      [[3, 3, 6]],
      /6 channels of 3×3×6 cannot be cut into 4 groups/,
      /Use 1, 2, 3, 6 groups/
    ],
    ['group-norm', { groups: 6 }, [[6]], /normalized alone/, /share a mean/],
    [
      'concat',
      {},
      [
        [4, 4, 3],
        [2, 2, 3]
      ],
      /beside 4×4×3 comes 2×2×3, where 4×4×3 would fit/,
      /padding “same” or pooling/
    ],
    ['embedding', {}, [[4, 4, 1]], /a row of word numbers, such as 16, but 4×4×1/, /flatten/],
    [
      'max-pool',
      {},
      [[12, 8]],
      /such as 12×1×8, but 12×8 comes in/,
      /Reshape to 12×1×8, or use global average pooling/
    ],
    ['max-pool', { kernel: 2, padding: 'explicit', pad: 2 }, [[4, 4, 1]], /border of 2 pixels/, /pad below 2/],
    [
      'average-pool',
      { kernel: 3, kernelWidth: 1, padding: 'explicit', pad: 1, countBorder: false },
      [[4, 4, 1]],
      /windows of 3×1 lie wholly in a border/,
      /pad below 1, or use a larger kernel/
    ],
    ['dense', {}, [[12, 8]], /such as 96, but 12×8 comes in/, /flatten/]
  ] as const)('%s %j refuses %j', (kind, settings, inputs, why, remedy) => {
    expect(shapeOf(kind, settings, ...inputs)).toMatchObject({
      why: expect.stringMatching(why) as string,
      remedy: expect.stringMatching(remedy) as string
    });
  });

  it('an embedding wants its word numbers as they are', () => {
    const spec = {
      version: 1,
      name: 'words',
      data: { dataset: 'xor' },
      network: {
        nodes: [
          { id: 'in', kind: 'input' },
          { id: 'words', kind: 'embedding' },
          { id: 'flat', kind: 'flatten' },
          { id: 'out', kind: 'dense', units: 2 }
        ],
        edges: [
          ['in', 'words'],
          ['words', 'flat'],
          ['flat', 'out']
        ]
      }
    };
    expect(checkExperiment(spec, describedDatasets).problems.map(({ path }) => path)).toEqual(['data.normalize']);
    const raw = { ...spec, data: { ...spec.data, normalize: 'none' } };
    expect(checkExperiment(raw, describedDatasets).problems).toEqual([]);
  });
});
