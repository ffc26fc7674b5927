import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawTrials } from '../../../resources/experiments/draw-search.ts';
import { variantRuns } from '../../../src-worker/contract/classic-experiment.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import {
  classicExperimentNames,
  findClassicExperiment,
  parseClassicExperiment
} from '../../../src-main/lab/classic-experiments.ts';
import { claims } from '../../experiments/claims.ts';
import { describedDatasets } from '../../support/datasets.ts';

const names = await classicExperimentNames();

describe('the classic experiments', () => {
  it.each(names)('%s has variants that can all be trained', async (name) => {
    const { experiment } = await findClassicExperiment(name);
    const { runs, problems } = variantRuns(name, experiment);
    expect(problems).toEqual([]);
    for (const run of runs) expect(checkExperiment(run.experiment, describedDatasets).problems).toEqual([]);
    const differing = new Set(runs.map((run) => JSON.stringify({ ...run.experiment, name: '' })));
    expect(differing.size).toBe(runs.length);
  });

  it.each(names)('%s says things that are checked', (name) => {
    expect(claims[name]?.length).toBeGreaterThan(0);
  });

  it('when misspelt are answered with the nearest one', async () => {
    await expect(findClassicExperiment('optimisers')).rejects.toMatchObject({
      code: 'experiment_not_found',
      message: expect.stringContaining('Did you mean “optimizers”?') as string,
      details: { known: names }
    });
  });

  it('of a wrong form are refused with every problem', () => {
    expect(() => parseClassicExperiment({ title: 'x', variants: [{ name: 'A B' }] })).toThrow(
      expect.objectContaining({
        code: 'invalid_experiment',
        message: expect.stringMatching(/title: [^]*question: [^]*base: [^]*variants\.0\.name: /) as string
      })
    );
  });

  it('has the trials of the search as they are drawn', () => {
    const file = new URL('../../../resources/experiments/search.json', import.meta.url);
    expect((JSON.parse(readFileSync(file, 'utf8')) as { variants: unknown }).variants).toEqual(drawTrials());
  });
});
