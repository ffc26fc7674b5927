import { Command } from 'commander';
import { LabError } from '../../../src-worker/contract/errors.ts';
import { reportOf } from '../../../src-worker/report/report.ts';
import { rules } from '../../../src-worker/lint/table.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { describeAdvice } from './check.ts';
import { jsonOption } from './options.ts';
import { readSource } from './read-experiment.ts';
import { print, printJson, table } from './terminal.ts';

interface LintOptions {
  rules?: boolean;
  json?: boolean;
}

export const lintCommand = () =>
  new Command('lint')
    .description('Advice on an experiment: what people who know would do otherwise; and the rules that it comes from.')
    .argument('[preset|spec.json]', 'a preset, the file of an experiment, or - for standard input')
    .option('--rules', 'list the rules')
    .addOption(jsonOption('one JSON array'))
    .action(async (source: string | undefined, { rules: isList, json }: LintOptions) => {
      if (isList) return listRules(json);
      if (source === undefined)
        throw new LabError('invalid_argument', 'Name an experiment to look at, or ask for --rules.', {});
      const { lint, problems } = reportOf(await readSource(source), await openUserDatasets().list());
      if (problems.length > 0)
        throw new LabError('invalid_experiment', `Something is wrong in ${source}: see “caviar check ${source}”.`, {
          problems
        });
      if (json) return printJson(lint);
      print(lint.length > 0 ? lint.map(describeAdvice).join('\n\n') : 'No advice.');
    });

function listRules(json: boolean | undefined): void {
  if (json) return printJson(rules.map(({ id, words, lesson }) => ({ rule: id, ...words, lesson })));
  const open = (text: string) => text.replace(/[“{]+(\w+)[}”]+/g, '…');
  print(
    table(
      ['rule', 'what it is about'],
      rules.map(({ id, words }) => [id, open(words.what)])
    )
  );
}
