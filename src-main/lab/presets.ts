/** The experiments that come with the lab: one JSON file each, named as the preset. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../src-worker/contract/errors.ts';
import { presetSchema, type Preset } from '../../src-worker/contract/lab-api.ts';
import { didYouMean, nearest } from '../../src-worker/contract/nearest.ts';
import { installFolder } from '../installation.ts';

const folder = join(installFolder, 'resources', 'presets');

export async function presetNames(): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

export async function listPresets(): Promise<Preset[]> {
  return Promise.all((await presetNames()).map(readPreset));
}

/** Throws: `preset_not_found` with the known names and the nearest spelling. */
export async function findPreset(name: string): Promise<Preset> {
  const known = await presetNames();
  if (known.includes(name)) return readPreset(name);
  throw new LabError(
    'preset_not_found',
    `There is no preset “${name}”. ${didYouMean(name, known)}Known: ${known.join(', ')}.`,
    { name, known, nearest: nearest(name, known) }
  );
}

async function readPreset(name: string): Promise<Preset> {
  const content = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as object;
  return presetSchema.parse({ name, ...content });
}
