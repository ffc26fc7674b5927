import { openStore, type Store } from '../../store/store.ts';
import { databaseFile } from '../folders.ts';

/** Opens the store for as long as `work` takes. */
export async function withStore<T>(db: string | undefined, work: (store: Store) => T | Promise<T>): Promise<T> {
  const store = await openStore(databaseFile(db));
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
