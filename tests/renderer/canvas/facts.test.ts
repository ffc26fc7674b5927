import { afterEach, describe, expect, it } from 'vitest';
import { withDefaults } from '../../../src-renderer/canvas/acts/new-layer.ts';
import { factsOf } from '../../../src-renderer/canvas/cards/facts.ts';
import { words } from '../../../src-renderer/i18n/t.svelte.ts';

const facts = (node: { kind: string; [setting: string]: unknown }) =>
  factsOf(node.kind, withDefaults({ id: 'x', ...node }));

describe('what a card says of its layer', () => {
  afterEach(() => void (words.language = 'en'));

  it('is the settings that matter', () => {
    expect(facts({ kind: 'conv2d', filters: 8, kernel: 5, padding: 'same', stride: 2 })).toBe(
      '8 · 5×5 · same · stride 2'
    );
    expect(facts({ kind: 'conv2d', filters: 8, padding: 'explicit', pad: 3 })).toBe('8 · 3×3 · pad 3');
    expect(facts({ kind: 'max-pool' })).toBe('2×2');
    expect(facts({ kind: 'embedding', words: 500, width: 32 })).toBe('500 → 32');
  });

  it('has defaults where a broken layer says nothing', () => {
    expect(facts({ kind: 'conv2d' })).toBe('16 · 3×3 · valid');
    expect(facts({ kind: 'dense' })).toBe('16 · He normal');
    expect(facts({ kind: 'constructor' })).toBe('');
  });

  it('is in the language of the page', () => {
    words.language = 'ja';
    expect(facts({ kind: 'conv2d', padding: 'same' })).toBe('16 · 3×3 · 同サイズ');
    expect(facts({ kind: 'conv2d' })).toBe('16 · 3×3 · 余白なし');
  });
});
