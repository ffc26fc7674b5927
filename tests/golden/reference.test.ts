/** The reference backend against PyTorch, and whether the set asks for everything there is. */
import { expect, it } from 'vitest';
import { referenceBackend } from '../../src-worker/backends/reference/reference.ts';
import { runners } from '../../src-worker/verify/cases/table.ts';
import { casesOf, goldenCopy, goldenFiles } from './read.ts';
import { runAll } from './run-all.ts';

it('the copy in the project has a case of every kind that can be run, and no other', async () => {
  const cases = casesOf(await goldenFiles(goldenCopy));
  expect(cases).toHaveLength(276);
  expect([...new Set(cases.map(({ one }) => one.kind))].sort()).toEqual(Object.keys(runners).sort());
});

runAll('reference', { backend: referenceBackend() });
