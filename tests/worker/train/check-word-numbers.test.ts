import { describe, expect, it } from 'vitest';
import type { ExampleTable } from '../../../src-worker/backends/backend.ts';
import type { NetworkSpec } from '../../../src-worker/contract/experiment.ts';
import { checkWordNumbers } from '../../../src-worker/train/check-word-numbers.ts';

const ids = (...rows: number[]) => Int32Array.from(rows);
const splits = { train: ids(0, 1), dev: ids(2), test: ids(3) };
const network = (...layers: { kind: string; [setting: string]: unknown }[]): NetworkSpec => ({
  nodes: [{ id: 'in', kind: 'input' }, ...layers.map((layer, at) => ({ id: `n${at}`, ...layer }))],
  edges: layers.map((_, at) => [at === 0 ? 'in' : `n${at - 1}`, `n${at}`])
});
const words = (count: number) => ({ kind: 'embedding', words: count, width: 2 });

const check = (spec: NetworkSpec, examples: number[] | Uint8Array, scale = 1) => {
  const table: ExampleTable = {
    examples: examples instanceof Uint8Array ? examples : Float32Array.from(examples),
    labels: new Uint8Array(4),
    values: new Float32Array(),
    scale: new Float32Array(2).fill(scale),
    shift: new Float32Array(2)
  };
  return () => checkWordNumbers(spec, table, splits);
};

describe('word numbers', () => {
  it('are whole and within the table, in every split', () => {
    expect(check(network(words(8)), [0, 1, 2, 3, 4, 5, 6, 7])).not.toThrow();
    expect(check(network({ kind: 'flatten' }, words(7)), [0, 1, 2, 3, 4, 5, 6, 7])).toThrow(
      expect.objectContaining({
        code: 'invalid_experiment',
        message: expect.stringMatching(/“n1” looks up words 0 to 6, but an example holds 7\./),
        details: { node: 'n1', words: 7, found: 7 }
      })
    );
    for (const strange of [-1, 2.5, NaN, Infinity])
      expect(check(network(words(8)), [0, 1, 2, 3, strange, 5, 6, 7])).toThrow(`holds ${strange}.`);
  });

  it('are what the network sees: bytes count as shares of 255', () => {
    expect(check(network(words(300)), Uint8Array.of(0, 0, 0, 0, 0, 3, 0, 0), 1 / 255)).toThrow('holds 0.0117647.');
  });

  it('are not looked for where other layers come first', () => {
    expect(check(network({ kind: 'dense', units: 2 }, words(2)), [9, 9, 9, 9, 9, 9, 9, 9])).not.toThrow();
    expect(check(network({ kind: 'relu' }), [9, -9, 0.5, 9, 9, 9, 9, 9])).not.toThrow();
  });
});
