import { describe, expect, it } from 'vitest';
import temml from 'temml';
import { families } from '../../../src-worker/graph/choices.ts';
import { clipFields, frameFields } from '../../../src-worker/graph/frame-fields.ts';
import type { Fix } from '../../../src-worker/contract/problems.ts';
import { fixText } from '../../../src-renderer/controls/problem-words.ts';
import { mathmlOf } from '../../../src-renderer/controls/mathml.ts';
import { readNumbers } from '../../../src-renderer/controls/number-input.ts';
import { wordPath } from '../../../src-renderer/controls/words.ts';
import { helpLines, shortName } from '../../../src-renderer/views/build/inspector/setting-words.ts';

describe('the formula of every layer', () => {
  const formulas = Object.values(families.layers).flatMap((layer) => layer.formula?.split('\n') ?? []);

  it('can be drawn', async () => {
    expect(formulas.length).toBeGreaterThan(25);
    for (const tex of formulas) {
      const mathml = temml.renderToString(tex, { throwOnError: true });
      expect([tex, mathml]).toEqual([tex, expect.stringMatching(/^<math[^>]*>.+<\/math>$/s)]);
    }
    const [rule, size] = await mathmlOf(families.layers['conv2d']!.formula!);
    expect(rule).toContain('<mi>W</mi>');
    expect(size).toContain('⌊');
  });
});

describe('a setting', () => {
  it('is named without the section where it stands', () => {
    expect(shortName('training.schedule.factor')).toBe('Factor');
    expect(shortName('training.earlyStopping.monitor')).toBe('Watches');
    expect(shortName('network.nodes.h1.units')).toBe('Units');
    expect(shortName('network.nodes.h1.init.std')).toBe('Std. deviation σ');
    expect(shortName('data.augment.2.pixels')).toBe('Pixels');
    expect(shortName('training.heads.out.loss.delta')).toBe('Delta');
  });

  it('says what it is, its range and its default', () => {
    const { conv2d, dropout } = families.layers;
    expect(helpLines('network.nodes.c1.filters', 'conv2d', conv2d!.config['filters']!).slice(1)).toEqual([
      'From 1 to 4096',
      'Default: 16'
    ]);
    expect(helpLines('network.nodes.d.rate', 'dropout', dropout!.config['rate']!)[0]).toMatch(/left out/);
    expect(helpLines('training.clip.limit', '', clipFields['norm']!['limit']!)[1]).toBe('More than 0');
    expect(helpLines('training.epochs', '', frameFields.training['epochs']!)[2]).toBe('Default: 10');
  });

  it('finds its words by where it stands, whatever the ids', () => {
    expect(wordPath('network.nodes.a-b.init.std')).toBe('node.init.std');
    expect(wordPath('training.metrics.12.k')).toBe('training.metrics.k');
    expect(wordPath('training.heads.x.loss.smoothing')).toBe('training.loss.smoothing');
  });
});

it('a list of numbers is read as it is typed', () => {
  expect(readNumbers('1, 2.5 3e-2')).toEqual([1, 2.5, 0.03]);
  expect(readNumbers('1, x')).toEqual([1, 'x']);
  expect(readNumbers('  ')).toEqual([]);
});

it('a fix names kinds and settings as they are called', () => {
  const fix = (code: string, words: Fix['words']): string => fixText({ code, words, label: '', patch: [] });
  expect(fix('set', { path: 'network.nodes.h1.units', value: 1 })).toBe('Set h1 · units to 1');
  expect(fix('insert-layer', { kind: 'global-average-pool', layer: 'h1' })).toContain('Global average pooling');
});
