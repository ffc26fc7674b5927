import { Command } from 'commander';
import type { DatasetInfo } from '../../../src-worker/contract/dataset.ts';
import type { FetchProgress } from '../../datasets/fetch-fashion-mnist.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { jsonOption } from './options.ts';
import { formatCount, print, printJson, table } from './terminal.ts';

interface Options {
  name?: string;
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
      print(table(['dataset', 'origin', 'shape', 'classes', 'train', 'test', 'title'], datasets.map(rowOf)));
    });
  command
    .command('import')
    .description('Copy a folder of IDX files (plain or .gz) into the user’s data folder.')
    .argument(
      '<folder>',
      'holds train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte'
    )
    .option('--name <name>', 'how to call it (default: the folder’s name)')
    .addOption(jsonOption('one JSON object'))
    .action(async (folder: string, { name, json }: Options) => {
      tellNew(await openUserDatasets().importFolder(folder, name), json);
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
      tellNew(info, json);
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

const rowOf = ({ name, origin, shape, classes, trainCount, testCount, title }: DatasetInfo) => [
  ...[name, origin, shape.join('×'), String(classes.length), formatCount(trainCount), formatCount(testCount), title]
];

function tellNew(info: DatasetInfo, json: boolean | undefined): void {
  if (json) return printJson(info);
  const counts = `${formatCount(info.trainCount)} training and ${formatCount(info.testCount)} test examples`;
  // The preset's last layer has ten units.
  const units = info.classes.length === 10 ? '' : ` --set network.nodes.out.units=${info.classes.length}`;
  print(`${info.name}: ${counts}. Train on it: caviar train fashion-5-layer --dataset ${info.name}${units}`);
}
