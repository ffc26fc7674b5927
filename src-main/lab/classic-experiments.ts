/** The classic experiments that come with the lab: one JSON file each, named as the experiment. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classicExperimentSchema, type ClassicExperiment } from '../../src-worker/contract/classic-experiment.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import { didYouMean, nearest } from '../../src-worker/contract/nearest.ts';
import { problemsOf } from '../../src-worker/contract/problems.ts';
import { installFolder } from '../installation.ts';
import { invalidExperiment } from './check.ts';

export interface NamedExperiment {
  readonly name: string;
  readonly experiment: ClassicExperiment;
}

const folder = join(installFolder, 'resources', 'experiments');

export async function classicExperimentNames(): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

export async function listClassicExperiments(): Promise<NamedExperiment[]> {
  return Promise.all((await classicExperimentNames()).map(readNamed));
}

/** Throws: `experiment_not_found` with the known names and the nearest spelling. */
export async function findClassicExperiment(name: string): Promise<NamedExperiment> {
  const known = await classicExperimentNames();
  if (known.includes(name)) return readNamed(name);
  throw new LabError(
    'experiment_not_found',
    `There is no experiment “${name}”. ${didYouMean(name, known)}Known: ${known.join(', ')}.`,
    { name, known, nearest: nearest(name, known) }
  );
}

/** Throws: `invalid_experiment` with all problems. */
export function parseClassicExperiment(content: unknown): ClassicExperiment {
  const parsed = classicExperimentSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw invalidExperiment(problemsOf(parsed.error, content, classicExperimentSchema));
}

async function readNamed(name: string): Promise<NamedExperiment> {
  const content = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as unknown;
  return { name, experiment: parseClassicExperiment(content) };
}
