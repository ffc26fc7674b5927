import { Command } from 'commander';
import { listClassicExperiments } from '../../lab/classic-experiments.ts';
import { jsonOption } from './options.ts';
import { print, printJson, table } from './terminal.ts';

export const experimentsCommand = () =>
  new Command('experiments')
    .description('List the classic experiments: one question, several networks trained side by side.')
    .addOption(jsonOption('one JSON array, each with its base and its variants'))
    .action(async ({ json }: { json?: boolean }) => {
      const listed = await listClassicExperiments();
      if (json) return printJson(listed.map(({ name, experiment }) => ({ name, ...experiment })));
      const rows = listed.map(({ name, experiment: { variants, seeds, question } }) => [
        ...[name, String(variants.length * (seeds?.length ?? 1)), question.en]
      ]);
      print(table(['experiment', 'runs', 'question'], rows));
    });
