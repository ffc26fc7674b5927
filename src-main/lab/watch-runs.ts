/** Tells of created and changed runs, whoever changed them: this process, another window or the command line. */
import type { Store } from '../store/store.ts';
import { attempt } from './attempt.ts';

export interface RunWatcher {
  /** This process has written; SQLite's own sign of change shows only the writes of others. */
  poke(): void;
  stop(): void;
}

interface Pace {
  pollMs: number;
  /** Changes within this time are told of together. */
  gatherMs: number;
}

export function watchRuns(
  store: Store,
  onChange: (ids: number[]) => void,
  { pollMs, gatherMs }: Pace = { pollMs: 1000, gatherMs: 200 }
): RunWatcher {
  let { revision, dataVersion } = { revision: store.revision(), dataVersion: store.dataVersion() };
  let gathering: NodeJS.Timeout | null = null;

  function tell(): void {
    gathering = null;
    attempt(() => {
      const changed = store.changedSince(revision);
      revision = changed.revision;
      if (changed.ids.length > 0) onChange(changed.ids);
    });
  }
  const poke = () => void (gathering ??= setTimeout(tell, gatherMs));

  const polling = setInterval(() => {
    attempt(() => {
      if (store.interruptAbandoned().length > 0) poke();
      const seen = store.dataVersion();
      if (seen !== dataVersion) poke();
      dataVersion = seen;
    });
  }, pollMs);
  polling.unref();

  return {
    poke,
    stop() {
      clearInterval(polling);
      if (gathering) clearTimeout(gathering);
    }
  };
}
