/** What is asked about the open run: a note, which checkpoint, or what a fork changes; one at a time. */
import type { StoredCheckpoint } from '../../src-worker/contract/checkpoint.ts';

class RunDialog {
  open = $state<'note' | 'checkpoints' | 'fork' | null>(null);
  /** What a fork begins with; null: first weights of its own. */
  from = $state.raw<StoredCheckpoint | null>(null);
  /** The setting that a fork changes, where it is known. */
  path = $state<string | null>(null);

  fork({ from = null, path = null }: { from?: StoredCheckpoint | null; path?: string | null } = {}): void {
    Object.assign(this, { open: 'fork', from, path });
  }

  close(): void {
    this.open = null;
  }
}

export const runDialog = new RunDialog();
