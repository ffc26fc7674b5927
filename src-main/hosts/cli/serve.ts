import { Command } from 'commander';
import { openStore } from '../../store/store.ts';
import { exitCodes } from '../exit-codes.ts';
import { databaseFile } from '../folders.ts';
import { DEFAULT_PORT } from '../http/listen.ts';
import { serve } from '../serve.ts';
import { openUserDatasets } from '../user-datasets.ts';
import { onSignal } from './interrupt.ts';
import { dbOption, wholeNumber } from './options.ts';
import { print } from './terminal.ts';

interface ServeOptions {
  port?: number;
  host?: string;
  db?: string;
}

const MAX_PORT = 65_535;

export const serveCommand = () =>
  new Command('serve')
    .description('Serve the lab to a browser.')
    .option(
      '--port <n>',
      `the port to listen on (default: the first free one from ${DEFAULT_PORT}; 0: any)`,
      wholeNumber(0, MAX_PORT)
    )
    .option(
      '--host <address>',
      'the address to listen on; 0.0.0.0 serves a whole room, by a URL with a token (default: 127.0.0.1)'
    )
    .addOption(dbOption())
    .addHelpText(
      'after',
      `
Examples:
  caviar serve
  caviar serve --host 0.0.0.0 --port 8080 --db classroom.db

Each visitor's own browser trains; this computer keeps the history.`
    )
    .action(async ({ port, host, db }: ServeOptions) => {
      const store = await openStore(databaseFile(db));
      try {
        const served = await serve({ store, datasets: openUserDatasets(), port, host });
        print(`Caviar is open at ${served.urls.join('  ')}`);
        print(`Runs are kept in ${store.file}. Ctrl-C ends.`);
        await new Promise<void>((resolve) => onSignal(resolve, () => process.exit(exitCodes.interrupted)));
        await served.close();
      } finally {
        store.close();
      }
    });
