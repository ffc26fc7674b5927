/** Parts of networks kept by name, to be set into others. */
import type { Block, BlockPart } from '../../src-worker/contract/drafts.ts';
import { lab } from './lab.svelte.ts';

class Blocks {
  /** In the order of their names, those in the trash too. */
  all = $state.raw<readonly Block[]>([]);
  readonly list = $derived(this.all.filter(({ trashedAtMs }) => trashedAtMs === null));
  readonly trashed = $derived(this.all.filter(({ trashedAtMs }) => trashedAtMs !== null));

  async load(): Promise<void> {
    this.all = await lab.api.listBlocks();
  }

  /** `part.layout` is relative to the part's upper left corner. Throws: `bad_request` for what is too large. */
  async save(name: string, part: BlockPart): Promise<Block> {
    const block = await lab.api.saveBlock(name, part);
    await this.load();
    return block;
  }

  /** Throws: `block_not_found`, as the two below. */
  async rename(id: number, name: string): Promise<void> {
    await lab.api.renameBlock(id, name);
    await this.load();
  }

  async trash(id: number): Promise<void> {
    await lab.api.trashBlock(id);
    await this.load();
  }

  /** For good: only out of the trash. */
  async delete(id: number): Promise<void> {
    await lab.api.deleteBlock(id);
    await this.load();
  }

  async restore(id: number): Promise<void> {
    await lab.api.restoreBlock(id);
    await this.load();
  }
}

export const blocks = new Blocks();
