import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { experimentText, fileName, readExperiment } from '../../../src-renderer/state/experiment-file.ts';
import { presetExperiment } from '../../support/presets.ts';

const xor = presetExperiment('xor');
const resource = (path: string) => readFileSync(new URL(`../../../resources/${path}`, import.meta.url), 'utf8');
const problemsIn = async (change: object) => {
  const reading = await readExperiment(JSON.stringify({ ...xor, ...change }), 'f');
  return reading.kind === 'not-drawable' ? reading.problems.map(({ path }) => path) : reading.kind;
};

describe('an experiment’s file', () => {
  it('reads as what was written', async () => {
    expect(await readExperiment(experimentText(xor), 'f')).toEqual({ kind: 'experiment', experiment: xor });
    expect(experimentText(xor)).toMatch(/^\{\n {2}"version": 1,[^]*\n\}\n$/);
  });

  it('may be a preset, or a classic experiment, whose base is taken', async () => {
    expect(await readExperiment(resource('presets/xor.json'), 'f')).toMatchObject({ experiment: { name: 'xor' } });
    const classic = resource('experiments/optimizers.json');
    const { base, variants } = JSON.parse(classic) as { base: { name: string }; variants: unknown[] };
    expect(await readExperiment(classic, 'f')).toMatchObject({
      ...{ kind: 'classic', variants: variants.length },
      experiment: { name: base.name, network: expect.anything() as object }
    });
  });

  it('may be full of problems, as long as it can be drawn', async () => {
    const network = { nodes: [{ id: 'a', kind: 'teapot', spouts: -1 }], edges: [['a', 'nowhere']], more: 1 };
    const bare = { network, training: { epochs: 'many' } };
    expect(await readExperiment(JSON.stringify(bare), 'from file')).toEqual({
      ...{ kind: 'experiment', experiment: { version: 1, name: 'from file', data: {}, ...bare } }
    });
    expect(await readExperiment('{"network":{"nodes":[]}}', 'f')).toMatchObject({
      experiment: { network: { edges: [] } }
    });
  });

  it.each<[string, object, string]>([
    ['no network', { network: undefined }, 'network'],
    ['a layer without a kind', { network: { nodes: [{ id: 'a' }] } }, 'network.nodes.a.kind'],
    ['two layers of one id', { network: { nodes: [xor.network.nodes[0], xor.network.nodes[0]] } }, 'network.nodes'],
    ['a wire with one end', { network: { nodes: [], edges: [['a']] } }, 'network.edges.0'],
    ['training that is a list', { training: [] }, 'training'],
    ['a later version', { version: 2 }, 'version']
  ])('is refused with the place: %s', async (_, change, path) => {
    expect(await problemsIn(change)).toContain(path);
  });

  it('is refused whole when it is no JSON, no object or endless', async () => {
    for (const [text, line] of [
      ['{\n  "name": "x",\n  oops\n}', 3],
      ['{\n  "network": oops\n}', 2],
      ['{\n"a": [1,\n2,\n]}', 4],
      ['{\n"a": 1', 2],
      ['\n', 2]
    ] as const)
      expect(await readExperiment(text, 'f')).toMatchObject({ kind: 'not-json', line });
    for (const text of ['5', 'null', '[]', '"x"'])
      expect(await readExperiment(text, 'f')).toMatchObject({ kind: 'not-drawable' });
    expect(await readExperiment(' '.repeat(2_000_001), 'f')).toEqual({ kind: 'too-large', characters: 2_000_001 });
  });

  it('has a name that every file system takes', () => {
    expect([fileName('a/b: c?'), fileName(' '), fileName('小さな CNN')]).toEqual([
      'a-b- c-.json',
      'experiment.json',
      '小さな CNN.json'
    ]);
  });
});
