import { describe, expect, it } from 'vitest';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { generateDataset } from '../../../src-worker/data/generators/generator.ts';
import { generators } from '../../../src-worker/data/generators/table.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { inspect } from '../../../src-worker/tasks/inspect/inspect.ts';
import { presetSpec } from '../../support/datasets.ts';

const dataset = generateDataset(generators['xor']!);

function look(changes: Record<string, unknown> = {}) {
  let spec: unknown = presetSpec('xor');
  for (const [path, value] of Object.entries(changes)) spec = setPath(spec, path, value);
  const { experiment, problems } = checkExperiment(spec, [dataset.info]);
  if (!experiment) throw new Error(JSON.stringify(problems));
  return inspect({ experiment, dataset });
}

/** The xor preset with linear layers of two units, all the identity times `gain`. */
const linear = (gain: number) => {
  const init = { kind: 'identity', gain };
  return look({
    'network.nodes': [
      { id: 'input', kind: 'input' },
      ...['h1', 'h2', 'h3', 'out'].map((id) => ({ id, kind: 'dense', units: 2, init }))
    ],
    'network.edges': [
      ['input', 'h1'],
      ['h1', 'h2'],
      ['h2', 'h3'],
      ['h3', 'out']
    ]
  });
};

describe('the first step of a network', () => {
  it('is seen layer by layer, with what each one learns', async () => {
    const { examples, layers } = await look();
    expect(examples).toBe(10);
    expect(layers.map(({ node, kind }) => [node, kind])).toEqual([
      ['input', 'input'],
      ['h1', 'dense'],
      ['a1', 'tanh'],
      ['out', 'dense']
    ]);
    expect(layers[0]!.gradients).toBeNull();
    expect(layers.map(({ parameters }) => parameters.map(({ name }) => name))).toEqual([
      ...[[], ['h1.W', 'h1.b'], [], ['out.W', 'out.b']]
    ]);
    expect(layers[1]!.activations.count).toBe(10 * 4);
    expect(layers[2]!.activations.limit).toBeLessThan(1); // tanh
    const { values, gradients } = layers[1]!.parameters[1]!;
    expect(values).toMatchObject({ zeros: 1, sd: 0 }); // biases begin with 0
    expect(gradients.sd).toBeGreaterThan(0);
    // The gradient of a mean cross-entropy with respect to the logits adds up to 0 in every example.
    expect(layers[3]!.gradients!.mean).toBeCloseTo(0, 8);
  });

  it('multiplies values forwards and gradients backwards by the gain of a linear layer', async () => {
    const { layers } = await linear(1.5);
    const sds = layers.map(({ activations }) => activations.sd!);
    for (const [depth, sd] of sds.entries()) expect(sd / sds[0]!).toBeCloseTo(1.5 ** depth, 5);
    const [first, second, third, out] = layers.slice(1).map(({ gradients }) => gradients!.sd!);
    expect([second! / third!, first! / third!, third! / out!].map((ratio) => ratio.toFixed(5))).toEqual([
      ...['1.50000', '2.25000', '1.50000']
    ]);
  });

  it('sees dropout at work, and values that are not finite as such', async () => {
    const { layers } = await look({ 'network.nodes.a1': { id: 'a1', kind: 'dropout', rate: 0.5 } });
    expect(layers[2]!.activations.zeros).toBeGreaterThan(0.2);
    const broken = await look({ 'network.nodes.h1.init': { kind: 'constant', value: 1e39 } });
    expect(broken.layers[1]!.activations).toMatchObject({ mean: null, sd: null, limit: null, histogram: [] });
  });
});
