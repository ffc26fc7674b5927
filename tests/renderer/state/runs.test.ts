import { describe, expect, it, vi } from 'vitest';
import { runs } from '../../../src-renderer/state/runs.svelte.ts';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { Store } from '../../../src-main/store/store.ts';
import { presetExperiment } from '../../support/presets.ts';
import { openPage } from './page.ts';

const create = (store: Store) => store.createRun(presetExperiment('xor'));

describe('the history of the page', () => {
  it('has each run once, also when one is created between two pages', async () => {
    const page = await openPage((api) => ({
      async listRuns(part) {
        const rows = await api.listRuns(part);
        if (part.offset === 0) create(page.store);
        return rows;
      }
    }));
    for (let n = 0; n < 2001; n++) create(page.store);
    await runs.loadAll();
    expect(runs.history.map(({ id }) => id)).toEqual(Array.from({ length: 2001 }, (_, n) => 2001 - n));
  });

  it('asks again for what it could not read', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    let failures = 1;
    const { store } = await openPage((api) => ({
      async listRuns(part) {
        if (failures-- > 0) throw new LabError('database_busy', 'The database is busy.');
        return api.listRuns(part);
      }
    }));
    runs.history = [];
    const id = create(store);
    runs.changed([id]);
    await expect.poll(() => runs.history.map((row) => row.id), { timeout: 5000 }).toEqual([id]);
    expect(warn).toHaveBeenCalledOnce();
  });
});
