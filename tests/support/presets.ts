import { readFileSync } from 'node:fs';
import { experimentSchema, type Experiment } from '../../src-worker/contract/experiment.ts';

/** The experiment of a preset, straight from its file. */
export function presetExperiment(name: string): Experiment {
  const file = new URL(`../../resources/presets/${name}.json`, import.meta.url);
  return experimentSchema.parse((JSON.parse(readFileSync(file, 'utf8')) as { experiment: unknown }).experiment);
}
