/** The acts on the draft that is open: done, chosen, shown and said. */
import { exitsOf, fitsOnWire } from '../../../src-worker/graph/edit/parts.ts';
import type { Wire } from '../../../src-worker/graph/edit/wires.ts';
import { applyPatch } from '../../../src-worker/contract/json-patch.ts';
import type { Fix } from '../../../src-worker/contract/problems.ts';
import { fixText } from '../../controls/problem-words.ts';
import { t, tMaybe } from '../../i18n/t.svelte.ts';
import { build } from '../../state/build.svelte.ts';
import { draft } from '../../state/draft.svelte.ts';
import type { DraftDocument } from '../../state/draft-history.svelte.ts';
import {
  arrangeAll,
  comingInto,
  comingLayer,
  join,
  move,
  part,
  place,
  remove,
  reroute,
  set,
  targetOf,
  taken,
  type Coming,
  type Target
} from './acts.ts';
import { aligned, type Alignment } from '../layout/align.ts';
import { clipText, readClip } from './clipboard.ts';
import { isFreeName, rename } from './rename.ts';
import { canvas } from '../canvas-state.svelte.ts';
import { refusalOf } from './refusal.ts';
import { rectsOf } from '../layout/places.ts';
import { COLUMN_GAP, type Point } from '../layout/sizes.ts';
import { stage } from '../stage.svelte.ts';

type Act = (document: DraftDocument) => DraftDocument;

/** Done as one step of undo; `said` tells those who cannot see it. */
export function edit(what: string, act: Act, said: string, merge: string | null = null): boolean {
  const before = draft.history?.document;
  draft.edit(what, act, merge);
  if (draft.history?.document === before) return false;
  canvas.announce(said);
  return true;
}

export const kindName = (kind: string): string => tMaybe(`kind.${kind}`, kind);

/** The layer is chosen and in sight; the keyboard's focus follows where it is on the canvas already. */
export function choose(...ids: string[]): void {
  build.selected = ids;
  const last = ids.at(-1);
  if (last === undefined) return;
  const hasFocus = document.activeElement?.closest('[data-canvas]') !== null;
  queueMicrotask(() => canvas.view?.show(last, hasFocus));
}

/** From the palette: where it is dropped, or behind what is chosen. */
export function addLayer(kind: string, target?: Target): void {
  const document = draft.history?.document;
  if (!document) return;
  const to = target ?? targetHere();
  const before = to.type === 'free' ? null : to.type === 'after' ? to.id : to.wire[0];
  const said = before
    ? t('canvas.said.addedAfter', { layer: kindName(kind), before })
    : t('canvas.said.added', { layer: kindName(kind) });
  bring(to.type === 'wire' ? 'insert' : 'add', comingLayer(document, kind), to, said);
}

/** Behind what is chosen last, else behind the end. */
export const targetHere = (): Target => (draft.experiment ? targetOf(draft.experiment, build.inspected) : freeTarget());

/** Several layers at once; what has no single way out stands by itself. */
export function addPart(what: string, from: Coming, target: Target): void {
  const document = draft.history?.document;
  if (!document) return;
  const coming = comingInto(document, from);
  const to = target.type === 'free' || fitsOnWire(coming) ? target : freeTarget();
  bring(what, coming, to, t('canvas.said.pasted', { n: coming.nodes.length }));
}

function bring(what: string, coming: Coming, to: Target, said: string): void {
  if (edit(what, place(coming, to, stage), said)) choose(...coming.nodes.map(({ id }) => id));
}

/** Right of everything. */
function freeTarget(): Target {
  const rects = rectsOf(stage.places, stage.sizes);
  const x = Math.max(0, ...rects.map((rect) => rect.x + rect.width)) + COLUMN_GAP;
  return { type: 'free', at: { x, y: Math.min(...rects.map((rect) => rect.y)) } };
}

/** What is chosen once more, behind itself. */
export function duplicateSelection(): void {
  const document = draft.history?.document;
  if (!document) return;
  const coming = taken(document, build.selected, stage);
  const exit = exitsOf(coming).at(-1);
  if (exit !== undefined) addPart('duplicate', coming, { type: 'after', id: exit });
}

/** null: nothing is chosen that could be copied. */
export function copied(): Coming | null {
  const document = draft.history?.document;
  const coming = document ? taken(document, build.selected, stage) : null;
  return coming && coming.nodes.length > 0 ? coming : null;
}

export function copyText(): string | null {
  const coming = copied();
  if (!coming) return null;
  canvas.announce(t('canvas.said.copied', { n: coming.nodes.length }));
  return clipText(coming);
}

/** Behind what is chosen; where nothing is, by itself. */
export function pasteText(text: string): void {
  const coming = readClip(text);
  const last = build.selected.findLast((id) => stage.byId.get(id)?.type === 'layer');
  if (coming) addPart('paste', coming, last === undefined ? freeTarget() : { type: 'after', id: last });
  else canvas.announce(t('canvas.refused.clip'));
}

export function alignSelection(how: Alignment): void {
  const moved = aligned(build.selected, how, stage.places, stage.sizes);
  if (moved.size > 0) edit('align', move(moved, stage), t('canvas.said.moved', { n: moved.size }));
}

/** What is chosen goes; the layer before it is chosen next. A chosen wire goes alone. */
export function removeSelection(what = 'remove'): void {
  if (stage.wire) return partWire(stage.wire);
  const network = draft.experiment?.network;
  if (!network) return;
  const ids = new Set(build.selected);
  const before = network.edges.find(([from, to]) => ids.has(to) && !ids.has(from))?.[0];
  const gone = network.nodes.filter(({ id, kind }) => ids.has(id) && kind !== 'input');
  if (edit(what, remove(gone.map(({ id }) => id)), t('canvas.said.removed', { n: gone.length })))
    choose(...(before === undefined ? [] : [before]));
}

/** Nothing else is chosen then. */
export function chooseWire(wire: Wire): void {
  build.selected = [];
  canvas.wire = wire;
  canvas.announce(t('canvas.said.wire', { from: wire[0], to: wire[1] }));
}

/** A wire that is there already is chosen: whoever draws it again may want it gone. */
export function connectTo(wire: Wire): void {
  const network = draft.experiment?.network;
  if (!network) return;
  if (network.edges.some((edge) => edge.join() === wire.join())) return chooseWire(wire);
  const refusal = refusalOf(network, wire);
  if (refusal !== null) canvas.announce(refusal);
  else edit('connect', join(wire), t('canvas.said.connected', { from: wire[0], to: wire[1] }));
}

export function rerouteTo(wire: Wire, wanted: Wire): void {
  if (wanted.join() !== wire.join())
    edit('rewire', reroute(wire, wanted), t('canvas.said.connected', { from: wanted[0], to: wanted[1] }));
}

export function partWire(wire: Wire): void {
  canvas.wire = null;
  edit('disconnect', part(wire), t('canvas.said.disconnected', { from: wire[0], to: wire[1] }));
}

/** What was dragged stands where it was let go. */
export function moveTo(nodes: readonly { id: string; position: Point }[]): void {
  const moved = nodes.filter(({ id, position }) => {
    const at = stage.places.get(id);
    return at && (Math.round(at.x) !== Math.round(position.x) || Math.round(at.y) !== Math.round(position.y));
  });
  if (moved.length === 0) return;
  const places = new Map(moved.map(({ id, position }) => [id, position]));
  edit('move', move(places, stage), t('canvas.said.moved', { n: moved.length }));
}

/** Loose layers that were let go over a wire stand on it. */
export function setOnWire(ids: readonly string[], wire: Wire): void {
  edit('insert', set(ids, wire, stage), t('canvas.said.set', { n: ids.length, from: wire[0] }));
}

/** By keyboard; steps in a row are one. */
export function nudge(by: Point): void {
  const places = new Map(
    build.selected.flatMap((id) => {
      const at = stage.places.get(id);
      return at ? [[id, { x: at.x + by.x, y: at.y + by.y }] as const] : [];
    })
  );
  const said = t('canvas.said.moved', { n: places.size });
  edit('move', move(places, stage), said, `move ${build.selected.join()}`);
}

export function arrangeLayers(): void {
  edit('arrange', arrangeAll, t('edit.arrange'));
  queueMicrotask(() => canvas.view?.fit());
}

export function selectAll(): void {
  build.selected = [...(draft.experiment?.network.nodes.map(({ id }) => id) ?? [])];
  canvas.announce(t('canvas.said.selected', { n: build.selected.length }));
}

/** What helps is of the experiment; the layout stays. */
export function applyFix(fix: Fix): void {
  const act: Act = (document) => ({ ...document, experiment: applyPatch(document.experiment, fix.patch) });
  edit('fix', act, fixText(fix));
}

/** false: no layer can be called so, or another one is. */
export function renameLayer(id: string, wanted: string): boolean {
  const network = draft.experiment?.network;
  if (!network || wanted === id) return wanted === id;
  if (!isFreeName(network, wanted)) {
    canvas.announce(t('canvas.refused.name', { name: wanted }));
    return false;
  }
  build.selected = build.selected.map((other) => (other === id ? wanted : other));
  canvas.focused = wanted;
  return edit('rename', rename(id, wanted), t('canvas.said.renamed', { from: id, to: wanted }));
}
