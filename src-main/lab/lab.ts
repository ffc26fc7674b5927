/**
 * The LabApi implementation: the single door to the machine, the same for every host. Each page gets its own connection and, with it,
 * the duty for the runs it started: when the page goes, so does what it was training.
 */
import type { Checkpoint } from '../../src-worker/contract/checkpoint.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import type { LabApi, LabInfo } from '../../src-worker/contract/lab-api.ts';
import { branchesOf } from '../../src-worker/contract/retrace.ts';
import type { RunEvent } from '../../src-worker/contract/run.ts';
import type { Datasets } from '../datasets/datasets.ts';
import { version } from '../installation.ts';
import type { Store } from '../store/store.ts';
import { attempt } from './attempt.ts';
import { checkedApi, checkedExperiment } from './check.ts';
import { lostRuns } from './lost-runs.ts';
import { listPresets } from './presets.ts';
import { runOwners } from './run-owners.ts';
import { watchRuns } from './watch-runs.ts';
import { workshopApi, type WorkshopApi } from './workshop.ts';

export interface LabParts {
  host: LabInfo['host'];
  store: Store;
  datasets: Datasets;
  /** How long a page whose connection broke has to come back. */
  returnMs?: number;
}

export interface Connection {
  readonly api: LabApi;
  /** The page is gone: its runs that are not at their end become `interrupted`. */
  close(): void;
  /** The way to the page broke: it has a moment to come back by another connection and go on with its runs. */
  lose(): void;
}

export interface Lab {
  /** `runsChanged` is called for changes of all pages. */
  connect(runsChanged: (ids: number[]) => void): Connection;
  /** Throws: `forbidden` when `claim` is not what `createRun` or `reopenRun` answered, `run_not_found`, `run_already_ended`. */
  saveCheckpoint(id: number, claim: string, checkpoint: Checkpoint, read: () => Promise<Uint8Array>): Promise<void>;
  close(): void;
}

/** A computer may change its network or wake up meanwhile. */
const RETURN_MS = 120_000;

/** A setting is a choice or a place, not a document. */
const MAX_SETTING_CHARACTERS = 65_536;

export function createLab({ host, store, datasets, returnMs = RETURN_MS }: LabParts): Lab {
  const listeners = new Set<(ids: number[]) => void>();
  const watcher = watchRuns(store, (ids) => listeners.forEach((listener) => listener(ids)));
  const connections = new Set<Connection>();
  const owners = runOwners<Connection>();
  let isClosing = false;
  const interrupt = (id: number): void => {
    const isDone = attempt(() => store.endRun(id, 'interrupted'));
    if (isDone) {
      owners.forget(id);
      watcher.poke();
    } else if (!isClosing) lost.wait(id); // Tried again later; else the next start does it.
  };
  const lost = lostRuns(interrupt, returnMs);

  function connect(runsChanged: (ids: number[]) => void): Connection {
    let isOpen = true;
    const api = checkedApi({
      ...readingApi({ host, store, datasets }),
      ...workshopApi(store),
      async createRun({ experiment: input, parent = null }) {
        const experiment = await checkedExperiment(input, datasets);
        if (!isOpen) throw pageIsGone();
        const id = store.createRun(experiment, parent);
        if (parent?.checkpoint) store.pinCheckpoint(parent.run, parent.checkpoint);
        const claim = owners.add(id, connection);
        watcher.poke();
        return { id, experiment, claim };
      },
      async reopenRun(id) {
        if (!isOpen) throw pageIsGone();
        if (lost.take(id)) store.endRun(id, 'interrupted'); // its page has not come back, somebody else goes on
        store.reopenRun(id);
        watcher.poke();
        const { steps, epochs } = branchesOf(store.getRun(id).events).at(-1)!;
        return { claim: owners.add(id, connection), steps, epochs };
      },
      async claimRun(id, claim) {
        if (!isOpen) throw pageIsGone();
        if (owners.move(id, claim, connection)) lost.take(id);
        else refuseForeignRun(store, id);
      },
      async appendEvents(id, events) {
        if (!isOpen) throw pageIsGone();
        if (!owners.owns(connection, id)) refuseForeignRun(store, id);
        store.appendEvents(id, events as RunEvent[]);
        if (events.some(({ type }) => type === 'end')) owners.forget(id);
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
    function leave(parting: (id: number) => void): void {
      if (!isOpen) return;
      isOpen = false;
      listeners.delete(runsChanged);
      connections.delete(connection);
      owners.runsOf(connection).forEach(parting);
    }
    const connection: Connection = { api, close: () => leave(interrupt), lose: () => leave(lost.wait) };
    listeners.add(runsChanged);
    connections.add(connection);
    return connection;
  }

  return {
    connect,
    async saveCheckpoint(id, claim, checkpoint, read) {
      if (!owners.holds(id, claim)) {
        refuseForeignRun(store, id);
        throw new LabError('run_already_ended', `Run ${id} has already ended.`, { id });
      }
      store.saveCheckpoint(id, checkpoint, await read());
    },
    close() {
      isClosing = true;
      for (const connection of connections) connection.close();
      lost.end();
      watcher.stop();
    }
  };
}

/** The methods that change nothing. */
function readingApi({
  host,
  store,
  datasets
}: Omit<LabParts, 'returnMs'>): Omit<
  LabApi,
  'createRun' | 'reopenRun' | 'claimRun' | 'appendEvents' | 'setSetting' | keyof WorkshopApi
> {
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
    listCheckpoints: async (id) => {
      store.getSummary(id);
      return store.listCheckpoints(id);
    },
    addNote: async (id, step, text) => store.addNote(id, step, text),
    getSettings: async () => store.getSettings()
  };
}

/** An ended run is left to the store: it knows what it has already kept. One whose process was killed may still look as if it ran. */
function refuseForeignRun(store: Store, id: number): void {
  store.interruptAbandoned();
  const { status } = store.getSummary(id);
  if (status === 'running' || status === 'paused') throw foreignRun(id);
}

const foreignRun = (id: number): LabError =>
  new LabError('forbidden', `Run ${id} is trained elsewhere; only the page that started it may write to it.`, { id });

const pageIsGone = () => new LabError('forbidden', 'The page that asked for this is gone.');
