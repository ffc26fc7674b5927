import { join } from 'node:path';
import { listEmbedded, loadEmbedded } from '../../src-main/datasets/embedded.ts';
import type { Dataset } from '../../src-worker/contract/dataset.ts';
import { generateDataset } from '../../src-worker/data/generators/generator.ts';
import { generators } from '../../src-worker/data/generators/table.ts';

const folder = join(import.meta.dirname, '../../resources/datasets');
const known = new Map<string, Promise<Dataset>>();

/** The set that an experiment names: made on the spot, or one that comes with the lab. */
export function datasetOf(spec: unknown): Promise<Dataset> {
  const name = (spec as { data: { dataset: string } }).data.dataset;
  const dataset = known.get(name) ?? load(name);
  known.set(name, dataset);
  return dataset;
}

async function load(name: string): Promise<Dataset> {
  if (generators[name]) return generateDataset(generators[name]);
  const info = (await listEmbedded(folder)).find((one) => one.name === name);
  if (!info) throw new Error(`There is no set ${name} here.`);
  return loadEmbedded(folder, info);
}
