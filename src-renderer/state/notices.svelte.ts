/** Short words about what has just happened, each for a while; an undo or a next step may go with them. */

export interface Notice {
  readonly id: number;
  readonly kind: 'done' | 'bad';
  readonly title: string;
  readonly text: string;
  readonly details?: unknown;
  /** Of one thing, so that it can be taken back. */
  readonly about?: string;
  readonly action?: { readonly label: string; readonly run: () => unknown } | undefined;
}

const SHOWN_MS = 12_000;
const MOST = 3;

class Notices {
  all = $state.raw<readonly Notice[]>([]);
  private count = 0;

  /** What went wrong stays until it is closed. */
  add(notice: Omit<Notice, 'id'>): void {
    const id = ++this.count;
    this.all = [...this.all, { ...notice, id }].slice(-MOST);
    if (notice.kind === 'done') setTimeout(() => this.close(id), SHOWN_MS);
  }

  /** What it says is no longer true. */
  takeBack(about: string): void {
    this.all = this.all.filter((notice) => notice.about !== about);
  }

  close(id: number): void {
    this.all = this.all.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();
