/** Where the lab keeps its files on each system. Called by the hosts; nothing is created here. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  home: string;
}

const here = (): Surroundings => ({ env: process.env, platform: process.platform, home: homedir() });

/** The user's data folder: runs, settings and, in its `datasets` folder, imported and downloaded sets. CAVIAR_HOME overrides it. */
export function userDataFolder({ env, platform, home }: Surroundings = here()): string {
  if (env.CAVIAR_HOME) return env.CAVIAR_HOME;
  switch (platform) {
    case 'win32':
      return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'Caviar');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Caviar');
    default:
      return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'caviar');
  }
}

/** The one history of all hosts. A path given by the user comes first, then CAVIAR_DB. */
export function databaseFile(given: string | undefined, surroundings: Surroundings = here()): string {
  return resolve(given ?? (surroundings.env.CAVIAR_DB || join(userDataFolder(surroundings), 'caviar.db')));
}

/** Folders in which the system's packages keep datasets, each set in a folder of its own name. */
export function systemDatasetFolders(platform: NodeJS.Platform = process.platform): string[] {
  return platform === 'win32' ? [] : ['/usr/share/datasets'];
}
