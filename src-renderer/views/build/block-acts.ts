/** Parts of networks kept under a name: saved from what is chosen, put away with a way back. */
import type { Block } from '../../../src-worker/contract/drafts.ts';
import type { LabError } from '../../../src-worker/contract/errors.ts';
import { copied } from '../../canvas/acts/edits.ts';
import { t } from '../../i18n/t.svelte.ts';
import { blocks } from '../../state/blocks.svelte.ts';
import { drafts } from '../../state/drafts.svelte.ts';
import { notices } from '../../state/notices.svelte.ts';

/** false where nothing is chosen, or the store refuses. */
export async function saveBlock(name: string): Promise<boolean> {
  const part = copied();
  if (!part || name === '') return false;
  const { nodes, edges, layout } = part;
  const wires = edges.map(([from, to]): [string, string] => [from, to]);
  const places = Object.entries(layout).map(([id, [x, y]]): [string, [number, number]] => [id, [x, y]]);
  const whole = { nodes: [...nodes], edges: wires, layout: Object.fromEntries(places) };
  return telling(() => blocks.save(name, whole));
}

export const renameBlock = ({ id, name }: Block): void =>
  drafts.askName({ name, rename: (chosen) => drafts.renameBlock(id, chosen) });

export async function trashBlock({ id, name }: Block): Promise<void> {
  if (!(await telling(() => blocks.trash(id)))) return;
  const action = { label: t('blocks.undoTrash'), run: () => telling(() => blocks.restore(id)) };
  notices.add({ kind: 'done', title: t('blocks.trashed', { name }), text: '', action });
}

async function telling(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    const { message, details } = error as LabError;
    notices.add({ kind: 'bad', title: t('blocks.failed'), text: message, details });
    return false;
  }
}
