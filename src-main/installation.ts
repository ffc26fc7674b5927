/** Where this Caviar lies: the folder of its sources, or the same layout inside a packaged app. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The built files lie deeper than the sources, so the folder is searched upwards. */
export const installFolder = findUpwards(import.meta.dirname, join('resources', 'presets'));

export const version = (JSON.parse(readFileSync(join(installFolder, 'package.json'), 'utf8')) as { version: string })
  .version;

function findUpwards(start: string, landmark: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, landmark))) return folder;
    if (folder === dirname(folder)) throw new Error(`Caviar is not installed whole: no ${landmark} above ${start}.`);
  }
}
