import { describe, expect, it } from 'vitest';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { generateDataset } from '../../../src-worker/data/generators/generator.ts';
import { generators } from '../../../src-worker/data/generators/table.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { inspect } from '../../../src-worker/tasks/inspect/inspect.ts';
import { preview } from '../../../src-worker/tasks/preview/preview.ts';
import { reduced } from '../../../src-worker/tasks/preview/reduced.ts';
import { sample } from '../../../src-worker/tasks/preview/sample.ts';
import { weights } from '../../../src-worker/tasks/preview/weights.ts';
import { presetSpec } from '../../support/datasets.ts';

/** A preset with changes on a generated set, and what its layers make of the first example. */
async function look(name: string, set: string, changes: Record<string, unknown> = {}) {
  const dataset = generateDataset(generators[set]!);
  let spec: unknown = setPath(presetSpec(name), 'data.dataset', set);
  for (const [path, value] of Object.entries(changes)) spec = setPath(spec, path, value);
  const { experiment, problems } = checkExperiment(spec, [dataset.info]);
  if (!experiment) throw new Error(JSON.stringify(problems));
  const { seed, data, network } = experiment;
  const taken = await sample({ seed, data, dataset, count: 8 });
  const { layers } = await preview({ seed, network, info: dataset.info, sample: taken });
  return { experiment, dataset, taken, layers, of: (id: string) => layers.find(({ node }) => node === id)!.preview };
}
const barsOf = (found: Awaited<ReturnType<typeof look>>, id: string): number[] => {
  const shown = found.of(id);
  return shown.type === 'bars' ? [...shown.values] : [];
};

describe('a preview', () => {
  it('has what every layer makes of the first example', async () => {
    const found = await look('xor', 'xor', {
      'network.nodes.h1.init': { kind: 'constant', value: 0.5 },
      'network.nodes.out.init': { kind: 'identity' }
    });
    expect(found.taken.count).toBe(8);
    expect(found.layers.map(({ node }) => node)).toEqual(['input', 'h1', 'a1', 'out']);
    const x = barsOf(found, 'input');
    expect(x).toEqual([...found.taken.examples.subarray(0, 2)]);
    const z = (x[0]! + x[1]!) / 2;
    for (const value of barsOf(found, 'h1')) expect(value).toBeCloseTo(z, 6);
    for (const value of barsOf(found, 'a1')) expect(value).toBeCloseTo(Math.tanh(z), 6);
    expect(barsOf(found, 'out')[1]).toBeCloseTo(Math.tanh(z), 6);
  });

  it('has maps of images, and the same values behind flatten', async () => {
    const found = await look('multi-task', 'shapes');
    const c1 = found.of('c1');
    if (c1.type !== 'maps') throw new Error('no maps');
    expect([c1.maps.length, c1.width, c1.height]).toEqual([8, 14, 14]);
    expect(Math.max(...c1.maps.flatMap((map) => [...map]))).toBe(255);
    expect(Math.min(...c1.maps.flatMap((map) => [...map]))).toBe(0);
    expect(barsOf(found, 'flat').length).toBe(64);
    expect(barsOf(found, 'flat').some((value) => value > 0)).toBe(true);
  });

  it('normalizes a batch over the whole sample, and leaves nothing out by dropout', async () => {
    const changes = {
      'network.nodes': [
        { id: 'input', kind: 'input' },
        { id: 'norm', kind: 'batch-norm' },
        { id: 'drop', kind: 'dropout', rate: 0.7 },
        { id: 'out', kind: 'dense', units: 2 }
      ],
      'network.edges': [
        ['input', 'norm'],
        ['norm', 'drop'],
        ['drop', 'out']
      ]
    };
    const found = await look('xor', 'xor', changes);
    const column = Array.from({ length: 8 }, (_, row) => found.taken.examples[row * 2]!);
    const mean = column.reduce((sum, x) => sum + x, 0) / 8;
    const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 8;
    expect(barsOf(found, 'norm')[0]).toBeCloseTo((column[0]! - mean) / Math.sqrt(variance + 1e-5), 4);
    expect(barsOf(found, 'drop')[0]).toBeCloseTo(barsOf(found, 'norm')[0]!, 5);
  });
});

describe('a preview of word numbers', () => {
  it('is refused where an example holds none', async () => {
    const { taken, dataset } = await look('xor', 'xor');
    const network = {
      nodes: [
        { id: 'input', kind: 'input' },
        { id: 'words', kind: 'embedding', words: 4, width: 3, init: { kind: 'he-normal' } }
      ],
      edges: [['input', 'words'] as [string, string]]
    };
    await expect(preview({ seed: 1, network, info: dataset.info, sample: taken })).rejects.toThrow(/“words” looks up/);
    const sample = { count: 1, examples: Float32Array.of(3, 0) };
    const { layers } = await preview({ seed: 1, network, info: dataset.info, sample });
    expect(layers.map(({ node, preview }) => [node, preview.type])).toEqual([
      ['input', 'bars'],
      ['words', 'maps']
    ]);
  });
});

describe('the first weights', () => {
  it('are the numbers that a run starts from', async () => {
    const { experiment, dataset } = await look('xor', 'xor');
    const { layers } = await inspect({ experiment, dataset });
    const { values } = layers.find(({ node }) => node === 'h1')!.parameters[0]!;
    const init = experiment.network.nodes.find(({ id }) => id === 'h1')!['init'] as { kind: string };
    const shown = await weights({ seed: experiment.seed, name: 'h1.W', shape: [2, 4], init, fanIn: 2, fanOut: 4 });
    expect(shown).toEqual(values);
    const other = await weights({ seed: experiment.seed + 1, name: 'h1.W', shape: [2, 4], init, fanIn: 2, fanOut: 4 });
    expect(other).not.toEqual(values);
  });
});

describe('an output made smaller', () => {
  it('keeps the mean of neighbouring pixels', () => {
    const image = Float32Array.from({ length: 32 * 32 }, (_, i) => (i % 32 < 16 ? 0 : 1));
    const shown = reduced(image, [32, 32, 1]);
    if (shown.type !== 'maps') throw new Error('no maps');
    expect([shown.width, shown.height]).toEqual([16, 16]);
    expect([...shown.maps[0]!.subarray(0, 16)]).toEqual([...Array(8).fill(0), ...Array(8).fill(255)]);
  });

  it('keeps what is farthest from 0 among the values of a long row', () => {
    const row = Float32Array.from({ length: 128 }, (_, i) => (i === 5 ? -3 : 0.5));
    const shown = reduced(row, [128]);
    expect(shown.type === 'bars' && [...shown.values.subarray(0, 4)]).toEqual([0.5, 0.5, -3, 0.5]);
  });

  it('is blank where it has no finite values', () => {
    const shown = reduced(new Float32Array(4).fill(NaN), [2, 2, 1]);
    expect(shown.type === 'maps' && [...shown.maps[0]!]).toEqual([0, 0, 0, 0]);
  });
});
