import { Command } from 'commander';
import { listPresets } from '../../lab/presets.ts';
import { jsonOption } from './options.ts';
import { print, printJson, table } from './terminal.ts';

export const presetsCommand = () =>
  new Command('presets')
    .description('List the experiments that come with Caviar.')
    .addOption(jsonOption('one JSON array, each with its whole experiment'))
    .action(async ({ json }: { json?: boolean }) => {
      const presets = await listPresets();
      if (json) return printJson(presets);
      const rows = presets.map(({ name, experiment, summary }) => [name, experiment.data.dataset, summary]);
      print(table(['preset', 'dataset', 'what it is'], rows));
    });
