/**
 * The LabApi implementation: the single door to the machine, the same for every host. Each page gets its own connection and, with it,
 * the duty for the runs it started: when the page goes, so does what it was training.
 */
import { LabError } from '../../src-worker/contract/errors.ts';
import type { LabApi, LabInfo } from '../../src-worker/contract/lab-api.ts';
import type { RunEvent } from '../../src-worker/contract/run.ts';
import type { Datasets } from '../datasets/datasets.ts';
import { version } from '../installation.ts';
import type { Store } from '../store/store.ts';
import { checkedApi, checkedExperiment } from './check.ts';
import { listPresets } from './presets.ts';
import { watchRuns } from './watch-runs.ts';

export interface LabParts {
  host: LabInfo['host'];
  store: Store;
  datasets: Datasets;
}

export interface Connection {
  readonly api: LabApi;
  /** The page is gone: its runs that are not at their end become `interrupted`. */
  close(): void;
}

export interface Lab {
  /** `runsChanged` is called for changes of all pages. */
  connect(runsChanged: (ids: number[]) => void): Connection;
  close(): void;
}

/** A setting is a choice or a place, not a document. */
const MAX_SETTING_CHARACTERS = 65_536;

export function createLab({ host, store, datasets }: LabParts): Lab {
  const listeners = new Set<(ids: number[]) => void>();
  const watcher = watchRuns(store, (ids) => listeners.forEach((listener) => listener(ids)));
  const connections = new Set<Connection>();

  function connect(runsChanged: (ids: number[]) => void): Connection {
    const ownRuns = new Set<number>();
    let isOpen = true;
    const api = checkedApi({
      ...readingApi({ host, store, datasets }),
      async createRun({ experiment: input }) {
        const experiment = checkedExperiment(input, await datasets.list());
        if (!isOpen) throw new LabError('forbidden', 'The page that asked for this run is gone.');
        const id = store.createRun(experiment);
        ownRuns.add(id);
        watcher.poke();
        return { id, experiment };
      },
      async appendEvents(id, events) {
        if (!ownRuns.has(id)) refuseForeignRun(store, id);
        store.appendEvents(id, events as RunEvent[]);
        if (events.some(({ type }) => type === 'end')) ownRuns.delete(id);
        watcher.poke();
      },
      async setSetting(name, value) {
        if (JSON.stringify(value).length > MAX_SETTING_CHARACTERS)
          throw new LabError(
            'bad_request',
            `The setting “${name}” is longer than ${MAX_SETTING_CHARACTERS} characters.`,
            { name }
          );
        store.setSetting(name, value);
      }
    });
    const connection = {
      api,
      close() {
        if (!isOpen) return;
        listeners.delete(runsChanged);
        connections.delete(connection);
        isOpen = false;
        for (const id of ownRuns) store.endRun(id, 'interrupted');
        watcher.poke();
      }
    };
    listeners.add(runsChanged);
    connections.add(connection);
    return connection;
  }

  return {
    connect,
    close() {
      for (const connection of connections) connection.close();
      watcher.stop();
    }
  };
}

/** The methods that change nothing. */
function readingApi({ host, store, datasets }: LabParts): Omit<LabApi, 'createRun' | 'appendEvents' | 'setSetting'> {
  return {
    hello: async () => ({
      host,
      version,
      runtime: process.versions.electron ? `Electron ${process.versions.electron}` : `Node ${process.version}`,
      sqlite: store.sqliteVersion,
      database: store.file
    }),
    listPresets,
    listDatasets: () => datasets.list(),
    listRuns: async (page) => store.listRuns(page),
    countRuns: async () => store.countRuns(),
    getRun: async (id) => store.getRun(id),
    getSettings: async () => store.getSettings()
  };
}

/** Says why a page may not write to a run that it did not start, or no longer trains. */
function refuseForeignRun(store: Store, id: number): never {
  const { status } = store.getSummary(id);
  if (status === 'running' || status === 'paused')
    throw new LabError('forbidden', `Run ${id} is trained elsewhere; only the page that started it may write to it.`, {
      id
    });
  throw new LabError('run_already_ended', `Run ${id} has already ended (${status}); what came later is not kept.`, {
    id
  });
}
