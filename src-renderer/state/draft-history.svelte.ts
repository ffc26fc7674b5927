/**
 * A draft as a document with every change ever made to it: what is drawn, where it stands on the canvas, and edits as JSON patches
 * there and back, so that undo has no end.
 */
import type { DraftDocument, Edit } from '../../src-worker/contract/drafts.ts';
import { applyPatch, patchBetween } from '../../src-worker/contract/json-patch.ts';

export type { DraftDocument, Edit };

/** Where a history is taken up again: `edits` begin at place `from` of all. */
export interface Progress {
  readonly edits: readonly Edit[];
  readonly at: number;
  readonly from: number;
}

const MERGE_MS = 1000;

export class DraftHistory {
  document: DraftDocument = $state.raw()!;
  /** Done and undone, without the `older` first ones. */
  edits = $state.raw<readonly Edit[]>([]);
  /** The first edits, still in the store alone. */
  older = $state(0);
  /** How many are done, of all; those behind can be done again. */
  at = $state(0);
  readonly canUndo = $derived(this.at > this.older);
  readonly canRedo = $derived(this.at < this.older + this.edits.length);
  /** What would be undone, and done again. */
  readonly last = $derived(this.edits[this.at - this.older - 1]);
  readonly next = $derived(this.edits[this.at - this.older]);

  constructor(document: DraftDocument, { edits, at, from }: Progress = { edits: [], at: 0, from: 0 }) {
    this.document = document;
    this.edits = edits;
    this.at = at;
    this.older = from;
  }

  /** One step of undo; a change that changes nothing is none. `change` is pure. */
  edit(what: string, change: (document: DraftDocument) => DraftDocument, merge: string | null = null): void {
    const [before, after] = [this.document, change(this.document)];
    const forward = patchBetween(before, after);
    if (forward.length === 0) return;
    const edit: Edit = { what, forward, backward: patchBetween(after, before), merge, atMs: Date.now() };
    const { last } = this;
    const joins = merge !== null && last?.merge === merge && edit.atMs - last.atMs < MERGE_MS;
    const done = this.edits.slice(0, this.at - this.older);
    this.document = after;
    this.edits = joins
      ? [...done.slice(0, -1), ...joined(applyPatch(before, last.backward), after, edit)]
      : [...done, edit];
    this.at = this.older + this.edits.length;
  }

  undo(): void {
    if (!this.canUndo) return;
    this.document = applyPatch(this.document, this.last!.backward);
    this.at--;
  }

  redo(): void {
    if (!this.canRedo) return;
    this.document = applyPatch(this.document, this.next!.forward);
    this.at++;
  }

  /** Edits that came right before those known. */
  prepend(edits: readonly Edit[]): void {
    this.edits = [...edits, ...this.edits];
    this.older -= edits.length;
  }

  /** Counts from the edits that are known: the older ones are another draft's. */
  forgetOlder(): void {
    this.at -= this.older;
    this.older = 0;
  }

  /** The document as it is after `at` of the edits. */
  documentAt(at: number): DraftDocument {
    let { document } = this;
    for (let i = this.at; i > at; i--) document = applyPatch(document, this.edits[i - this.older - 1]!.backward);
    for (let i = this.at; i < at; i++) document = applyPatch(document, this.edits[i - this.older]!.forward);
    return document;
  }
}

/** One edit in place of several, as small as if it were the only one; none where all is as it was. */
function joined(before: DraftDocument, after: DraftDocument, newest: Edit): Edit[] {
  const forward = patchBetween(before, after);
  return forward.length === 0 ? [] : [{ ...newest, forward, backward: patchBetween(after, before) }];
}
