import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openDatasets } from '../../src-main/datasets/datasets.ts';
import { createLab } from '../../src-main/lab/lab.ts';
import { openStore } from '../../src-main/store/store.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A real store and the datasets that come with the lab, nothing of this computer's user. */
export async function labParts() {
  const folder = temporaryFolder();
  const file = join(folder, 'caviar.db');
  const store = await openStore(file);
  onTestFinished(() => store.close());
  const resourcesFolder = join(import.meta.dirname, '../../resources');
  return { file, store, datasets: openDatasets({ userFolder: folder, systemFolders: [], resourcesFolder }) };
}

export async function newLab(options: { returnMs?: number } = {}) {
  const parts = await labParts();
  const lab = createLab({ host: 'browser', ...parts, ...options });
  onTestFinished(() => lab.close());
  return { lab, ...parts };
}
