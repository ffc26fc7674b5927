/** Short words about what has just happened, each for a while; an undo or a next step may go with them. */

export interface Notice {
  readonly id: number;
  readonly kind: 'done' | 'bad';
  readonly title: string;
  readonly text: string;
  readonly details?: unknown;
  readonly action?: { readonly label: string; readonly run: () => unknown } | undefined;
}

const SHOWN_MS = 12_000;
const MOST = 3;

class Notices {
  all = $state.raw<readonly Notice[]>([]);
  private count = 0;

  /** What went wrong stays until it is closed. Answers its id. */
  add(notice: Omit<Notice, 'id'>): number {
    const id = ++this.count;
    this.all = [...this.all, { ...notice, id }].slice(-MOST);
    if (notice.kind === 'done') setTimeout(() => this.close(id), SHOWN_MS);
    return id;
  }

  close(id: number): void {
    this.all = this.all.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();
