import { describe, expect, it } from 'vitest';
import { parseJson, placeAt, rangeOf } from '../../../src-renderer/views/build/text/json-places.ts';
import { jsonText, leastChange } from '../../../src-renderer/views/build/text/json-text.ts';
import { readExperiment } from '../../../src-renderer/views/build/text/read-text.ts';
import { helpAt, suggestionsAt } from '../../../src-renderer/views/build/text/suggestions.ts';
import { presetSpec } from '../../support/datasets.ts';

const known = {
  datasets: [{ name: 'moons', title: 'Moons' }],
  nodes: ['input', 'h1', 'out'],
  monitors: ['dev.loss', 'dev.accuracy']
};

describe('an experiment as text', () => {
  it('reads back as it was', () => {
    for (const name of ['lenet-5', 'multi-task', 'xor']) {
      const spec = presetSpec(name);
      expect(JSON.parse(jsonText(spec))).toEqual(spec);
    }
  });

  it('has a layer and a wire on one line each', () => {
    const lines = jsonText(presetSpec('xor')).split('\n');
    expect(lines.some((line) => /^ {6}\{ "id": "a1", "kind": "tanh" \},$/.test(line))).toBe(true);
    expect(lines).toContain('      ["input", "h1"],');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
  });

  it('is changed as little as can be', () => {
    expect(leastChange('"units": 16,', '"units": 12,')).toEqual({ from: 10, to: 11, insert: '2' });
    expect(leastChange('aa', 'aaa')).toEqual({ from: 2, to: 2, insert: 'a' });
    expect(leastChange('same', 'same')).toBeNull();
  });
});

describe('the place of a setting in the text', () => {
  const text = jsonText(presetSpec('multi-task'));
  const tree = parseJson(text);
  const shown = (path: string) => {
    const { from, to } = rangeOf(tree, text, path);
    return text.slice(from, to);
  };

  it('is its value', () => {
    expect(shown('network.nodes.c1.filters')).toBe('8');
    expect(shown('training.heads.figure.loss.kind')).toBe('"cross-entropy"');
    expect(shown('network.edges.0.1')).toBe('"c1"');
  });

  it('is a layer’s id, and the name of what is an object', () => {
    expect(shown('network.nodes.c1')).toBe('"c1"');
    expect(shown('training.heads')).toBe('"heads"');
    expect(shown('')).toBe('{');
  });

  it('is what should hold it where it is left out', () => {
    expect(shown('network.nodes.c1.stride')).toBe('"c1"');
    expect(shown('training.earlyStopping.monitor')).toBe('"training"');
  });

  it('is found in a text that is not whole', () => {
    const broken = '{ "network": { "nodes": [ { "id": "h1", "units": 0 }, { "id": "h2", ';
    const { from, to } = rangeOf(parseJson(broken), broken, 'network.nodes.h1.units');
    expect(broken.slice(from, to)).toBe('0');
  });
});

/** `|` is the cursor. */
function at(marked: string) {
  const cursor = marked.indexOf('|');
  const text = marked.replace('|', '');
  return placeAt(parseJson(text), text, cursor);
}
const labels = (marked: string) => {
  const place = at(marked);
  return place ? suggestionsAt(place, known).map(({ label }) => label) : [];
};

describe('completion', () => {
  it('knows where it is', () => {
    expect(at('{ "data": { "dataset": "mo|" } }')).toMatchObject({ path: ['data'], what: 'value', name: 'dataset' });
    expect(at('{ "training": { "ba|')).toMatchObject({ path: ['training'], what: 'name' });
    expect(at('{ "network": { "nodes": [{}, { "id": "h1", | }] } }')).toMatchObject({ path: ['network', 'nodes', 1] });
    expect(at('{ "seed": 1 }|')).toBeNull();
  });

  it('offers the names of the frame that are not written yet', () => {
    expect(labels('{ "version": 1, | }')).toEqual(['name', 'seed', 'data', 'network', 'training']);
    expect(labels('{ "training": { "batchSize": 8, | } }')).toContain('earlyStopping');
    expect(labels('{ "training": { "batchSize": 8, | } }')).not.toContain('batchSize');
  });

  it('offers kinds, and then the settings of that kind', () => {
    expect(labels('{ "network": { "nodes": [{ "kind": "con|" }] } }')).toContain('conv2d');
    expect(labels('{ "network": { "nodes": [{ "kind": "conv2d", "id": "c", | }] } }')).toEqual(
      expect.arrayContaining(['filters', 'kernel', 'padding', 'init'])
    );
    expect(labels('{ "network": { "nodes": [{ "kind": "conv2d", | }] } }')).not.toContain('units');
    expect(labels('{ "training": { "optimizer": { "kind": "adam", | } } }')).toEqual(expect.arrayContaining(['beta1']));
    expect(labels('{ "training": { "clip": { "kind": "norm", | } } }')).toEqual(['limit', 'per']);
  });

  it('offers values: choices, datasets, layers in wires, what can be watched', () => {
    expect(labels('{ "network": { "nodes": [{ "kind": "conv2d", "padding": | }] } }')).toEqual(
      expect.arrayContaining(['same'])
    );
    expect(labels('{ "data": { "dataset": | } }')).toEqual(['moons']);
    expect(labels('{ "network": { "edges": [["input", "|"]] } }')).toEqual(['input', 'h1', 'out']);
    expect(labels('{ "training": { "earlyStopping": { "monitor": "|" } } }')).toEqual(['dev.loss', 'dev.accuracy']);
    expect(labels('{ "network": { "nodes": [{ "kind": "dense", "init": "he|" }] } }')).toContain('he-normal');
    expect(labels('{ "network": { "nodes": [{ "kind": "dense", "init": { "kind": "normal", | } }] } }')).toEqual([
      'std'
    ]);
    expect(labels('{ "data": { "augment": ["|"] } }')).toContain('shift');
    expect(labels('{ "training": { "heads": { "out": { "loss": { "kind": "hu|" } } } } }')).toContain('huber');
  });

  it('brings the default along, and says what it is', () => {
    const place = at('{ "network": { "nodes": [{ "kind": "dense", | }] } }')!;
    const units = suggestionsAt(place, known).find(({ label }) => label === 'units')!;
    expect([units.text, units.detail]).toEqual(['"units": 16', '16']);
    expect(units.info).toContain('From 1 to');
    expect(helpAt(place, 'units', known)[0]).toMatch(/How many units/);
  });
});

describe('a text that is typed', () => {
  it('is an experiment as soon as it can be drawn, right or not', () => {
    const spec = presetSpec('xor');
    const read = readExperiment(JSON.stringify({ ...spec, training: { batchSize: -3 } })).experiment!;
    expect(read.training).toMatchObject({ batchSize: -3, optimizer: { kind: 'adam' }, heads: {} });
    expect(read.network).toEqual(spec.network);
  });

  it('says where it cannot be drawn', () => {
    const spec = presetSpec('xor');
    const pathOf = (change: object) => readExperiment(JSON.stringify({ ...spec, ...change })).path;
    expect(pathOf({ network: { nodes: [{ id: 'input' }], edges: [] } })).toBe('network.nodes.0.kind');
    expect(pathOf({ data: undefined })).toBe('data');
    expect(pathOf({ training: { optimizer: null } })).toBe('training.optimizer');
    expect(readExperiment('[]').path).toBe('');
  });
});
