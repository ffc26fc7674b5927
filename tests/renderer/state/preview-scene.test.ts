import { describe, expect, it } from 'vitest';
import { sceneOf } from '../../../src-renderer/state/preview-scene.ts';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { generateDataset } from '../../../src-worker/data/generators/generator.ts';
import { generators } from '../../../src-worker/data/generators/table.ts';
import { reportOf } from '../../../src-worker/report/report.ts';
import { preview } from '../../../src-worker/tasks/preview/preview.ts';
import { sample } from '../../../src-worker/tasks/preview/sample.ts';
import { presetSpec } from '../../support/datasets.ts';

const dataset = generateDataset(generators['shapes']!);
const { info } = dataset;
const whole = setPath(presetSpec('multi-task'), 'data.dataset', 'shapes') as Experiment;
const sceneIn = (spec: unknown) => sceneOf(spec as Experiment, reportOf(spec, [info]), info);

async function pictures(spec: unknown) {
  const scene = sceneIn(spec)!;
  const { seed, data } = scene;
  const { layers } = await preview({ ...scene, sample: await sample({ seed, data, dataset, count: 8 }) });
  return new Map(layers.map(({ node, preview }) => [node, preview]));
}

describe('the part of a draft that has pictures', () => {
  it('is all of it where nothing is broken', async () => {
    const found = await pictures(whole);
    expect([...found.keys()]).toEqual(whole.network.nodes.map(({ id }) => id));
  });

  it('ends before the first broken layer, and its pictures are those of the whole network', async () => {
    const { nodes, edges } = whole.network;
    const without = nodes.filter(({ id }) => id !== 'flat');
    const from = edges.find(([, to]) => to === 'flat')![0];
    const joined = edges.filter(([, to]) => to !== 'flat').map(([a, b]) => [a === 'flat' ? from : a, b]);
    const broken = { ...whole, network: { nodes: without, edges: joined } };
    expect(reportOf(broken, [info]).experiment).toBeNull();
    const [found, full] = [await pictures(broken), await pictures(whole)];
    const known = nodes.slice(
      0,
      nodes.findIndex(({ id }) => id === 'flat')
    );
    expect([...found.keys()]).toEqual(known.map(({ id }) => id));
    expect(found.size).toBeGreaterThan(2);
    for (const [id, picture] of found) expect(picture, id).toEqual(full.get(id));
  });

  it('goes on along the ways that are not behind what is broken', () => {
    const { edges } = whole.network;
    const ends = whole.network.nodes.filter(({ id }) => !edges.some(([from]) => from === id)).map(({ id }) => id);
    expect(ends.length).toBeGreaterThan(1);
    const broken = setPath(whole, `network.nodes.${ends[0]}.units`, -1);
    const ids = sceneIn(broken)!.network.nodes.map(({ id }) => id);
    expect(ids).toContain(ends[1]);
    expect(ids).not.toContain(ends[0]);
  });

  it('is there although training or the loss is wrong, and not without examples', () => {
    expect(sceneIn(setPath(whole, 'training.batchSize', -3))!.network.nodes.length).toBe(whole.network.nodes.length);
    expect(sceneIn(setPath(whole, 'data.split', { train: 2, dev: 3 }))).toBeNull();
    expect(sceneIn(setPath(whole, 'seed', 'x'))).toBeNull();
  });
});
