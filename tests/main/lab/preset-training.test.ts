/** Every preset, also one added tomorrow, trains: a few steps on few examples lower its loss. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDatasets } from '../../../src-main/datasets/datasets.ts';
import { findPreset, presetNames } from '../../../src-main/lab/presets.ts';
import { installFolder } from '../../../src-main/installation.ts';
import type { DatasetInfo } from '../../../src-worker/contract/dataset.ts';
import type { RunEvent } from '../../../src-worker/contract/run.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { trainHere } from '../../support/train-here.ts';

const datasets = openDatasets({
  userFolder: mkdtempSync(join(tmpdir(), 'caviar-presets-')),
  systemFolders: [],
  resourcesFolder: join(installFolder, 'resources')
});
let infos: DatasetInfo[] = [];
beforeAll(async () => {
  infos = await datasets.list();
});

/** The run's events. Of images only few are seen, a few times; points in the plane cost nothing. */
async function train(name: string): Promise<RunEvent[]> {
  const { experiment: given } = await findPreset(name);
  const isImages = infos.find((info) => info.name === given.data.dataset)?.shape.length === 3;
  const short = { ...given, data: { ...given.data, limit: 320 }, training: { ...given.training, epochs: 4 } };
  const changed = isImages ? short : given;
  const { experiment, problems } = checkExperiment(changed, infos);
  if (!experiment) throw new Error(JSON.stringify(problems));
  const dataset = await datasets.load(experiment.data.dataset);
  return (await trainHere({ experiment, dataset, backend: 'wasm', threads: 1 })).events;
}

describe.each(await presetNames())('the preset %s', (name) => {
  it('is right as it stands, and the data it names comes along', async () => {
    const { experiment } = await findPreset(name);
    expect(checkExperiment(experiment, infos).problems).toEqual([]);
  });

  it('trains', async () => {
    const events = await train(name);
    expect(events.at(-1)).toMatchObject({ type: 'end', status: 'completed', error: null });
    const losses = events.flatMap((event) => (event.type === 'epoch' ? [event.train.loss!] : []));
    expect(losses.at(-1)!).toBeLessThan(0.9 * losses[0]!);
  });
});
