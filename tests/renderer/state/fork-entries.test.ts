import { describe, expect, it } from 'vitest';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { liveSettings } from '../../../src-worker/graph/live-settings.ts';
import { differencesOf } from '../../../src-renderer/state/differences.ts';
import { fitsCheckpoint, forkEntries } from '../../../src-renderer/state/fork-entries.ts';
import { grouped, liveGroups } from '../../../src-renderer/views/train/live-groups.ts';
import { describedDatasets } from '../../support/datasets.ts';
import { presetExperiment } from '../../support/presets.ts';

/** As it is stored: with all defaults. */
const experiment = checkExperiment(presetExperiment('fashion-5-layer'), describedDatasets).experiment!;
const entries = forkEntries(experiment);
const entry = (path: string) => entries.find((one) => one.path === path)!;

describe('the settings of which a fork changes one', () => {
  it('are each named once', () => {
    const paths = entries.map(({ path }) => path);
    expect(paths).toEqual([...new Set(paths)]);
    expect(paths).toContain('network.nodes.h1.units');
    expect(paths).toContain('seed');
  });
  it('are one difference each, whatever another kind brings along', () => {
    for (const [path, value] of [
      ['training.optimizer.kind', 'sgd'],
      ['training.schedule.kind', 'step'],
      ['training.clip.kind', 'norm'],
      ['training.earlyStopping', true],
      ['training.optimizer.learningRate', 0.5],
      ['network.nodes.h1.units', 7]
    ] as const) {
      const { rows } = differencesOf([experiment, entry(path).with(experiment, value)]);
      expect([path, rows.length]).toEqual([path, 1]);
    }
  });
  it('show what they are, and stay as they are when that is set', () => {
    const changed = entries.filter(
      ({ read, with: withValue }) =>
        differencesOf([experiment, withValue(experiment, read(experiment))]).rows.length > 0
    );
    expect(changed.map(({ path }) => path)).toEqual([]);
  });
  it('fit the state of a checkpoint unless they are about the layers', () => {
    expect(
      ['training.batchSize', 'seed', 'network.nodes.h1.units'].map((path) => fitsCheckpoint(experiment, path))
    ).toEqual([true, true, false]);
  });
});

it('every setting that may change while a run trains has a place in its panel', () => {
  const groups = grouped(liveSettings(experiment));
  const all = liveGroups.flatMap((group) => groups.get(group) ?? []);
  expect(all.length).toBe(liveSettings(experiment).length);
  expect(groups.get('main')!.map(({ path }) => path)).toEqual([
    'training.optimizer.learningRate',
    'training.batchSize',
    'training.epochs'
  ]);
});
