import { expect, it } from 'vitest';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { renameNode } from '../../../src-worker/graph/edit/rename.ts';
import { setPath } from '../../../src-worker/contract/paths.ts';
import type { Experiment } from '../../../src-worker/contract/experiment.ts';
import { presetSpec } from '../../support/datasets.ts';

it('a layer under another id keeps its wires, its judge and what is watched of it', () => {
  const spec = setPath(presetSpec('multi-task') as Experiment, 'training.earlyStopping', { monitor: 'dev.figure.f1' });
  const renamed = renameNode(spec, 'figure', 'form');
  expect(renamed.network.nodes.map(({ id }) => id)).toContain('form');
  expect(JSON.stringify(renamed)).not.toContain('"figure"');
  expect(Object.keys(renamed.training.heads)).toContain('form');
  expect(renamed.training.earlyStopping!.monitor).toBe('dev.form.f1');
  const faults = (experiment: Experiment) => checkExperiment(experiment, []).problems.map(({ path }) => path);
  expect(faults(renamed)).toEqual(faults(spec));
  expect(renameNode(renamed, 'form', 'figure')).toEqual(spec);
});
