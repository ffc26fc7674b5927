import { describe, expect, it } from 'vitest';
import {
  classicExperimentSchema,
  variantRuns,
  type ClassicExperiment
} from '../../../src-worker/contract/classic-experiment.ts';
import { presetSpec } from '../../support/datasets.ts';

const words = { en: 'words', ja: '言葉' };
const classic = (more: object): ClassicExperiment =>
  classicExperimentSchema.parse({
    ...{ title: words, question: words, expect: words, base: presetSpec('fashion-5-layer') },
    ...more
  });

describe('the runs of a classic experiment', () => {
  it('are its variants in order, each with every seed', () => {
    const { runs, problems } = variantRuns(
      'units',
      classic({ variants: [{ name: 'few', set: { 'network.nodes.h*.units': 8 } }, { name: 'many' }], seeds: [1, 2] })
    );
    expect(problems).toEqual([]);
    expect(runs.map(({ variant, experiment }) => [variant, experiment.name, experiment.seed])).toEqual([
      ['few', 'units · few · seed 1', 1],
      ['few', 'units · few · seed 2', 2],
      ['many', 'units · many · seed 1', 1],
      ['many', 'units · many · seed 2', 2]
    ]);
    const units = runs.map(({ experiment }) => experiment.network.nodes.find(({ id }) => id === 'h3')!['units']);
    expect(units).toEqual([8, 8, 100, 100]);
  });

  it('have the seed of the base where no seeds are given, and no seed in the name', () => {
    const [run] = variantRuns('one', classic({ variants: [{ name: 'as-it-is' }] })).runs;
    expect(run!.experiment).toMatchObject({ name: 'one · as-it-is', seed: 42 });
  });

  it('join what a layer was connected to when it goes', () => {
    const [run] = variantRuns('linear', classic({ variants: [{ name: 'linear', remove: ['a*', 'h4'] }] })).runs;
    const { nodes, edges } = run!.experiment.network;
    expect(nodes.map(({ id }) => id)).toEqual(['input', 'flat', 'h1', 'h2', 'h3', 'out']);
    expect(edges).toEqual([
      ['input', 'flat'],
      ['flat', 'h1'],
      ['h1', 'h2'],
      ['h2', 'h3'],
      ['h3', 'out']
    ]);
  });

  it('leave the last word to a change from outside', () => {
    const [run] = variantRuns('x', classic({ variants: [{ name: 'y' }] }), (one) => ({ ...one, seed: 7 })).runs;
    expect(run!.experiment.seed).toBe(7);
  });

  it('come with every wish that cannot be met', () => {
    const { problems } = variantRuns(
      'wrong',
      classic({
        variants: [
          { name: 'one', remove: ['q*', 'input'], set: { 'training.optimiser.kind': 'sgd' } },
          { name: 'two', set: { 'network.nodes.h9.units': 3 } }
        ]
      })
    );
    expect(problems.map(({ path }) => path)).toEqual([
      'variants.one.remove',
      'variants.one.remove',
      'variants.one.set.training.optimiser.kind',
      'variants.two.set.network.nodes.h9.units'
    ]);
    expect(problems[1]!.why).toContain('“input” has 0 wires in');
  });
});

describe('the form of a classic experiment', () => {
  it('refuses two variants of one name, a seed given twice, and words in one language', () => {
    const input = {
      ...{ title: { en: 'only' }, question: words, expect: words, base: presetSpec('xor') },
      ...{ variants: [{ name: 'a' }, { name: 'a' }], seeds: [1, 1] }
    };
    const paths = classicExperimentSchema.safeParse(input).error!.issues.map(({ path }) => path.join('.'));
    expect(paths.sort()).toEqual(['seeds', 'title.ja', 'variants']);
  });
});
