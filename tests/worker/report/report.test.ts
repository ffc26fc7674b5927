import { describe, expect, it } from 'vitest';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { reportOf } from '../../../src-worker/report/report.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';

const spec = presetSpec('fashion-5-layer');
const layersOf = (input: unknown) => reportOf(input, describedDatasets).layers;

describe('the report of a draft', () => {
  it('has the same objects for layers that an edit leaves alone', () => {
    const before = layersOf(spec);
    const after = layersOf(setPath(spec, 'network.nodes.h2.units', 64));
    const changed = after.filter((layer, index) => layer !== before[index]).map(({ id }) => id);
    // The activation behind it and the next dense layer see another shape.
    expect(changed).toEqual(['h2', 'a2', 'h3']);
    expect(after.find(({ id }) => id === 'h3')!.parameters).toBe(64 * 100 + 100);
  });

  it('is that of a network never seen before', () => {
    const changed = setPath(spec, 'network.nodes.h1.units', 7);
    layersOf(spec);
    expect(layersOf(changed)).toEqual(layersOf(structuredClone(changed)));
    expect(layersOf(spec)).toEqual(layersOf(structuredClone(spec)));
  });
});
