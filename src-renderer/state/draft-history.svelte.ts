/**
 * A draft as a document with every change ever made to it: what is drawn, where it stands on the canvas, and edits as JSON patches
 * there and back, so that undo has no end.
 */
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import { applyPatch, patchBetween, type JsonPatch } from '../../src-worker/contract/json-patch.ts';

export interface DraftDocument {
  /** What was typed, valid or not. */
  readonly experiment: Experiment;
  /** Places on the canvas by node, in pixels; a layer without one is placed by the layout. */
  readonly layout: Readonly<Record<string, readonly [x: number, y: number]>>;
}

export interface Edit {
  /** What was done: the message `edit.<what>` says it. */
  readonly what: string;
  readonly forward: JsonPatch;
  readonly backward: JsonPatch;
  /** Edits of one thing shortly after another, as while a number is typed, become one. */
  readonly merge: string | null;
  readonly atMs: number;
}

const MERGE_MS = 1000;

export class DraftHistory {
  document: DraftDocument = $state.raw()!;
  /** Done and undone: those from `at` on can be done again. */
  edits = $state.raw<readonly Edit[]>([]);
  at = $state(0);
  readonly canUndo = $derived(this.at > 0);
  readonly canRedo = $derived(this.at < this.edits.length);

  constructor(document: DraftDocument) {
    this.document = document;
  }

  /** One step of undo; a change that changes nothing is none. `change` is pure. */
  edit(what: string, change: (document: DraftDocument) => DraftDocument, merge: string | null = null): void {
    const [before, after] = [this.document, change(this.document)];
    const forward = patchBetween(before, after);
    if (forward.length === 0) return;
    const edit: Edit = { what, forward, backward: patchBetween(after, before), merge, atMs: Date.now() };
    const last = this.edits[this.at - 1];
    const joins = merge !== null && last?.merge === merge && edit.atMs - last.atMs < MERGE_MS;
    this.document = after;
    this.edits = joins
      ? [...this.edits.slice(0, this.at - 1), joined(last, edit)]
      : [...this.edits.slice(0, this.at), edit];
    this.at = this.edits.length;
  }

  undo(): void {
    if (!this.canUndo) return;
    this.document = applyPatch(this.document, this.edits[this.at - 1]!.backward);
    this.at--;
  }

  redo(): void {
    if (!this.canRedo) return;
    this.document = applyPatch(this.document, this.edits[this.at]!.forward);
    this.at++;
  }
}

const joined = (first: Edit, second: Edit): Edit => ({
  ...second,
  forward: [...first.forward, ...second.forward],
  backward: [...second.backward, ...first.backward]
});
