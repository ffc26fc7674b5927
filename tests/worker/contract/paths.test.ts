import { describe, expect, it } from 'vitest';
import { getPath, matching, setPath } from '../../../src-worker/contract/paths.ts';
import { presetSpec } from '../../support/datasets.ts';

const spec = presetSpec('fashion-5-layer');

describe('paths into an experiment', () => {
  it('name network nodes by their id', () => {
    expect(getPath(spec, 'network.nodes.h1.units')).toBe(100);
    expect(getPath(setPath(spec, 'network.nodes.h1.units', 64), 'network.nodes.h1.units')).toBe(64);
    expect(getPath(spec, 'network.nodes.h1.units')).toBe(100); // the original stays
  });

  it('leave what they do not lead to the same object', () => {
    const [before, after] = [structuredClone(spec), setPath(spec, 'network.nodes.h1.units', 64)];
    expect(spec).toEqual(before);
    expect(after.training).toBe(spec.training);
    expect(after.network.edges).toBe(spec.network.edges);
    const changed = after.network.nodes.filter((node, index) => node !== spec.network.nodes[index]);
    expect(changed.map(({ id }) => id)).toEqual(['h1']);
  });

  it('may add a setting but not what would hold it', () => {
    expect(getPath(setPath(spec, 'training.optimizer.beta1', 0.8), 'training.optimizer.beta1')).toBe(0.8);
    expect(() => setPath(spec, 'training.optimiser.beta1', 0.8)).toThrow(/no “training.optimiser”.*optimizer/);
    expect(() => setPath(spec, 'network.nodes.h9.units', 1)).toThrow(/no “network.nodes.h9”.*h1/);
    expect(() => setPath(spec, '', 1)).toThrow(/no “”/);
  });

  it('lead into settings that are left out', () => {
    const training = { ...presetSpec('xor'), training: { earlyStopping: null, clip: null } };
    const once = setPath(training, 'training.earlyStopping.patience', 3);
    expect(getPath(setPath(once, 'training.earlyStopping.minDelta', 1), 'training')).toEqual({
      earlyStopping: { patience: 3, minDelta: 1 },
      clip: null
    });
  });

  it('mean several layers by a star', () => {
    const changed = setPath(spec, 'network.nodes.h*.units', 64);
    const unitsOf = ['h1', 'h2', 'h3', 'h4', 'out'].map((id) => getPath(changed, `network.nodes.${id}.units`));
    expect(unitsOf).toEqual([64, 64, 64, 64, 10]);
    const init = setPath(spec, 'network.nodes.h*.init', { kind: 'normal', std: 0.01 });
    const other = setPath(init, 'network.nodes.h1.init.std', 1); // each has a value of its own
    expect(getPath(other, 'network.nodes.h2.init.std')).toBe(0.01);
    expect(() => setPath(spec, 'network.nodes.q*.units', 64)).toThrow(/no “network.nodes.q\*”.*h1/);
    expect(() => setPath(spec, 'training.*', 64)).not.toThrow(); // a star is for layers; here the check will say what it is
    expect(() => setPath(spec, 'network.nodes.*.init.std', 1)).toThrow(/no “network.nodes.input.init”/);
  });

  it.each([
    ['h*', 'h1', true],
    ['h*', 'h', true],
    ['h*', 'oh', false],
    ['*', '', true],
    ['h1', 'h12', false],
    ['a*a', 'a', false], // the two do not share a letter
    ['a*a', 'aa', true],
    ['a*b*b', 'ab', false],
    ['*b*c', 'abcbc', true],
    ['h.*', 'h1', false]
  ])('tell whether the pattern %s means %s: %s', (pattern, id, means) => {
    expect(matching(pattern)(id)).toBe(means);
  });

  it('are found at once whatever the pattern', { timeout: 5000 }, () => {
    expect(matching(`${'*'.repeat(12)}b`)('a'.repeat(64))).toBe(false);
    expect(matching(`${'*a'.repeat(40)}b`)('a'.repeat(64))).toBe(false);
  });

  it.each([
    '__proto__.polluted',
    'network.__proto__',
    'constructor.name',
    'network.nodes.length',
    'network.nodes.push'
  ])('do not lead out of the experiment: %s', (path) => {
    expect(() => setPath(spec, path, 1)).toThrow(/There is no/);
    expect(getPath(spec, path)).toBeUndefined();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
