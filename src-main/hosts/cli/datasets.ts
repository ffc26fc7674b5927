import { Command, Option } from 'commander';
import type { DatasetInfo } from '../../../src-worker/contract/dataset.ts';
import type { FetchProgress } from '../../datasets/fetch-fashion-mnist.ts';
import type { ImportOptions } from '../../datasets/import-source.ts';
import { tasks } from '../../datasets/table/targets.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { collect, imageSize, jsonOption, share } from './options.ts';
import { formatCount, print, printJson, table } from './terminal.ts';

interface Options {
  json?: boolean;
}

export function datasetsCommand(): Command {
  const command = new Command('datasets').description('List, import and fetch datasets.');
  command
    .command('list', { isDefault: true })
    .description('List the datasets that can be trained on.')
    .addOption(jsonOption('one JSON array'))
    .action(async ({ json }: Options) => {
      const datasets = await openUserDatasets().list();
      if (json) return printJson(datasets);
      print(table(['dataset', 'origin', 'shape', 'targets', 'train', 'test', 'title'], datasets.map(rowOf)));
    });
  command
    .command('import')
    .description('Take a table, a folder of images or an IDX set over into the user’s data folder.')
    .argument(
      '<path>',
      'a CSV file, a folder with one folder of images per class, or one with the four files of an IDX set'
    )
    .option('--name <name>', 'how to call it (default: the name of the file or folder)')
    .option('--title <title>', 'what lists show (default: the name)')
    .option(
      '--target <column>',
      'CSV: the column to be learned; several: repeat it, or separate them by commas',
      collect
    )
    .addOption(new Option('--task <task>', 'CSV: what to learn (default: guessed from the target)').choices(tasks))
    .option('--test <share>', 'the share kept for testing (default: 0.2, or the folder “test” of images)', share)
    .option('--size <size>', 'images: HEIGHTxWIDTH, or HEIGHTxWIDTHx1 for grey (default: as they are)', imageSize)
    .addOption(jsonOption('one JSON object'))
    .action(async (path: string, { json, ...options }: ImportOptions & Options) => {
      const { info, droppedRows, notes } = await openUserDatasets().importFrom(path, options);
      if (json) return printJson({ ...info, droppedRows, notes });
      for (const note of notes) print(note);
      tellNew(info);
    });
  command
    .command('fetch')
    .description('Download a dataset; continues where an earlier download broke off.')
    .argument('<name>', 'fashion-mnist')
    .addOption(jsonOption('one JSON object'))
    .action(async (name: string, { json }: Options) => {
      const onSetAside = (path: string) =>
        process.stderr.write(`The folder that was there was damaged; it is kept as ${path}.\n`);
      const info = await openUserDatasets().fetch(name, downloadProgress(), { onSetAside });
      if (json) return printJson(info);
      tellNew(info);
    });
  return command;
}

/** One line redrawn on a terminal; silent elsewhere. */
function downloadProgress(terminal: NodeJS.WriteStream = process.stderr) {
  return ({ file, receivedBytes, totalBytes }: FetchProgress): void => {
    const [received, total] = [receivedBytes, totalBytes].map((bytes) => (bytes / 1e6).toFixed(1));
    if (terminal.isTTY)
      terminal.write(`\r${file}  ${received} of ${total} MB\u001b[K${receivedBytes === totalBytes ? '\n' : ''}`);
  };
}

const rowOf = (info: DatasetInfo) => {
  const { name, origin, shape, trainCount, testCount, title } = info;
  return [name, origin, shape.join('×'), targetOf(info), formatCount(trainCount), formatCount(testCount), title];
};

/** The number of classes, or of the values that stand in their place. */
const targetOf = ({ classes, values }: DatasetInfo): string =>
  [
    ...(classes.length > 0 ? [String(classes.length)] : []),
    ...(values.length > 0 ? [`${values.length} ${values.length === 1 ? 'value' : 'values'}`] : [])
  ].join(' + ');

function tellNew(info: DatasetInfo): void {
  const counts = `${formatCount(info.trainCount)} training and ${formatCount(info.testCount)} test examples`;
  const values = info.classes.length === 0 ? `, ${targetOf(info)} to learn` : '';
  const settings = settingsFor(info).map((setting) => ` --set ${setting}`);
  print(
    `${info.name}: ${counts}${values}. Train on it: caviar train fashion-5-layer --dataset ${info.name}${settings.join('')}`
  );
}

/** What the preset needs, whose last layer has ten units for ten classes. */
function settingsFor({ classes, values }: DatasetInfo): string[] {
  const units = classes.length || values.length;
  const loss = values.every(({ kind }) => kind === 'binary') ? 'binary-cross-entropy' : 'mse';
  return [
    ...(units === 10 ? [] : [`network.nodes.out.units=${units}`]),
    ...(classes.length > 0 ? [] : [`training.loss.kind=${loss}`])
  ];
}
