/**
 * Brings a draft to the store: soon after every change, in order, again after every failure that may pass. Each call says which state it
 * follows, so that two windows never overwrite each other, and each may be sent twice.
 */
import { SvelteSet } from 'svelte/reactivity';
import {
  MAX_EDITS_CHARACTERS,
  MAX_EDITS_PER_CALL,
  type Basis,
  type SaveDraft
} from '../../src-worker/contract/drafts.ts';
import { LabError, type ErrorCode } from '../../src-worker/contract/errors.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import type { DraftDocument, DraftHistory, Edit } from './draft-history.svelte.ts';
import { lab } from './lab.svelte.ts';

/** `waiting`: for a store that does not answer. */
export type SaveStatus = 'saved' | 'saving' | 'waiting' | 'failed';

/** Where a draft began, and what it was there. */
export interface Beginning {
  readonly basis: Basis;
  readonly origin: Experiment;
}

/** What the store has, or will have when the calls under way arrive. */
interface Known {
  readonly revision: string | null;
  readonly document: DraftDocument | null;
  readonly at: number;
  readonly older: number;
  readonly edits: readonly Edit[];
  readonly beginning: Beginning | null;
}

const NOTHING: Known = { revision: null, document: null, at: 0, older: 0, edits: [], beginning: null };
/** The first change of several goes when the frame that shows it is done. */
const SOON_MS = 40;
const SAVE_EVERY_MS = 400;
const RETRY_MS = 1000;
/** Room for the document beside the edits of a call. */
const CALL_CHARACTERS = MAX_EDITS_CHARACTERS / 2;
/** Failures that will pass, or that a person can end. */
const passing: readonly ErrorCode[] = ['database_busy', 'disk_full', 'internal'];

/** Those with something to save. */
const unsaved = new SvelteSet<DraftSaver>();

export class DraftSaver {
  id: string = $state('');
  status = $state<SaveStatus>('saved');
  /** Why the store refused the draft, until it takes it. */
  error = $state.raw<LabError | null>(null);
  /** Another one may take its place, as long as nobody has edited it. */
  history: DraftHistory;
  beginning: Beginning;
  /** Another window has changed the draft: what is here goes on as a new one. */
  onConflict: () => void = () => undefined;
  private stored: Known = NOTHING;
  private sent: Known = NOTHING;
  private queue: { call: SaveDraft; state: Known }[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> | null = null;
  /** Refused, or no longer of interest: nothing is sent until something changes. */
  private rests = false;

  constructor(history: DraftHistory, beginning: Beginning) {
    this.id = chance();
    this.history = history;
    this.beginning = beginning;
  }

  /** For a draft that is in the store as it is here. */
  static of(id: string, revision: string, history: DraftHistory, beginning: Beginning): DraftSaver {
    const saver = new DraftSaver(history, beginning);
    saver.id = id;
    saver.sent = saver.stored = { ...stateOf(history), revision, beginning };
    return saver;
  }

  get revision(): string | null {
    return this.stored.revision;
  }

  get isSaved(): boolean {
    return this.queue.length === 0 && this.isSent;
  }

  /** Something may have changed. */
  touch(): void {
    if (this.isSaved || !lab.info) return;
    this.rests = false;
    unsaved.add(this);
    if (this.status === 'saved') this.status = 'saving';
    this.timer ??= setTimeout(() => this.tick(), SOON_MS);
  }

  /** Resolves when the store has everything, or refuses it. */
  async flush(): Promise<void> {
    while (!this.isSaved && !this.rests) {
      this.enqueue();
      await this.sending;
    }
  }

  /** The page may be gone any moment: everything is sent without waiting for answers. */
  leave(): void {
    const known = this.queue.length;
    while (this.enqueueOne());
    for (const { call } of this.queue.slice(known)) void lab.api.saveDraft(call).catch(() => undefined);
    this.wake();
  }

  /** The draft is no longer of interest; what was not sent is not. */
  abandon(): void {
    clearTimeout(this.timer);
    this.queue.length = 0;
    this.rests = true;
    unsaved.delete(this);
  }

  private tick(): void {
    this.timer = undefined;
    if (this.rests || this.settles()) return;
    if (this.queue.length === 0) this.enqueue();
    this.timer = setTimeout(() => this.tick(), SAVE_EVERY_MS);
  }

  private settles(): boolean {
    if (!this.isSaved) return false;
    this.status = 'saved';
    unsaved.delete(this);
    return true;
  }

  private enqueue(): void {
    this.enqueueOne();
    this.wake();
  }

  /** False when there was nothing left to send. */
  private enqueueOne(): boolean {
    const next = this.nextState();
    if (!next) return false;
    this.queue.push(next);
    this.sent = next.state;
    return true;
  }

  private wake(): void {
    this.sending ??= this.send().finally(() => (this.sending = null));
  }

  private async send(): Promise<void> {
    while (this.queue.length > 0) {
      const [{ call, state }] = this.queue as [{ call: SaveDraft; state: Known }];
      try {
        await lab.api.saveDraft(call);
        this.queue.shift();
        this.stored = state;
        this.error = null;
        this.status = 'saving';
        if (!this.settles() && countOf(state) < countOf(this.history)) this.enqueueOne();
      } catch (error) {
        await this.afterFailure(error);
      }
    }
  }

  private async afterFailure(error: unknown): Promise<void> {
    if (!(error instanceof LabError) || passing.includes(error.code)) {
      this.status = 'waiting';
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      return lab.ready();
    }
    this.queue.length = 0;
    if (error.code === 'draft_conflict' || error.code === 'draft_not_found') {
      this.sent = this.stored = NOTHING;
      this.id = chance();
      this.history.forgetOlder();
      this.onConflict();
      this.enqueueOne();
    } else {
      this.sent = this.stored;
      this.error = error;
      this.status = 'failed';
      this.rests = true;
    }
  }

  private get isSent(): boolean {
    const { history, sent } = this;
    const count = countOf(history);
    const isSame = sent.document === history.document && sent.at === history.at && countOf(sent) === count;
    return isSame && sent.beginning === this.beginning && this.firstChanged() === count;
  }

  /** Place of the first edit that the store does not have as it is here. */
  private firstChanged(): number {
    const { sent, history } = this;
    const end = Math.min(countOf(sent), countOf(history));
    let at = Math.min(Math.max(sent.older, history.older), end);
    while (at < end && sent.edits[at - sent.older] === history.edits[at - history.older]) at++;
    return at;
  }

  /** The next call, with as many edits as it may carry; null when nothing is left. */
  private nextState(): { call: SaveDraft; state: Known } | null {
    if (this.isSent) return null;
    const { history, sent, beginning } = this;
    const from = this.firstChanged();
    const count = countOf(history);
    const edits = fitting(history.edits.slice(from - history.older));
    const to = from + edits.length;
    const isWhole = to === count;
    const at = isWhole ? history.at : to;
    const document = isWhole ? history.document : history.documentAt(to);
    const revision = chance();
    const begun = sent.beginning === beginning ? {} : beginning;
    const call = { id: this.id, before: sent.revision, revision, document, at, from, edits, ...begun };
    const known = history.edits.slice(0, to - history.older);
    return { call, state: { revision, document, at, older: history.older, edits: known, beginning } };
  }
}

const countOf = ({ older, edits }: Pick<Known, 'older' | 'edits'>) => older + edits.length;
const stateOf = ({ document, at, older, edits }: DraftHistory) => ({ document, at, older, edits });

/** As many of the first edits as one call may carry, but at least one. */
function fitting(edits: readonly Edit[]): readonly Edit[] {
  let [count, characters] = [0, 0];
  for (const edit of edits.slice(0, MAX_EDITS_PER_CALL)) {
    characters += JSON.stringify(edit).length;
    if (count > 0 && characters > CALL_CHARACTERS) break;
    count++;
  }
  return edits.slice(0, count);
}

/** 128 bits; `crypto.randomUUID` is not there over plain HTTP. */
export const chance = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Whether there is anything that the store does not have yet, of any draft. */
export const hasUnsaved = () => unsaved.size > 0;

/** Whether leaving the page would lose what no store has taken yet. */
export const isWaitingForStore = () => [...unsaved].some(({ status }) => status === 'waiting' || status === 'failed');

/** Sends everything that is not yet on its way. */
export function sendUnsaved(): void {
  for (const saver of unsaved) saver.leave();
}
