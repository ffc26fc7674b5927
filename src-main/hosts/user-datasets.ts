import { join } from 'node:path';
import { openDatasets, type Datasets } from '../datasets/datasets.ts';
import { installFolder } from '../installation.ts';
import { systemDatasetFolders, userDataFolder } from './folders.ts';

/** The datasets of this computer and its user. */
export const openUserDatasets = (): Datasets =>
  openDatasets({
    userFolder: userDataFolder(),
    systemFolders: systemDatasetFolders(),
    resourcesFolder: join(installFolder, 'resources')
  });
