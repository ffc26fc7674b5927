import { expect, it } from 'vitest';
import { blocks } from '../../../src-renderer/state/blocks.svelte.ts';
import { openPage } from './page.ts';

it('blocks are kept by name and come back from the trash', async () => {
  await openPage();
  const part = { nodes: [{ id: 'a', kind: 'relu' }], edges: [], layout: { a: [0, 0] as [number, number] } };
  const { id } = await blocks.save('corner', part);
  await blocks.rename(id, 'head');
  expect(blocks.list).toMatchObject([{ id, name: 'head', ...part }]);
  await blocks.trash(id);
  expect([blocks.list, blocks.trashed.length]).toEqual([[], 1]);
  await blocks.restore(id);
  await blocks.load();
  expect(blocks.list.map(({ name }) => name)).toEqual(['head']);
});
