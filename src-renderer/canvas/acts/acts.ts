/** What a person does on the canvas: each a change of the draft's document, pure, and one step of undo. */
import type { NetworkSpec, NodeSpec } from '../../../src-worker/contract/experiment.ts';
import { layerOf } from '../../../src-worker/graph/choices.ts';
import { addPart, freshIds, insertPart, partOf, renamedPart, type Part } from '../../../src-worker/graph/edit/parts.ts';
import { connect, disconnect, freshId, removeNodes, rewire, type Wire } from '../../../src-worker/graph/edit/wires.ts';
import { TRAINING } from '../../state/build.svelte.ts';
import type { DraftDocument } from '../../state/draft-history.svelte.ts';
import type { Places, Sizes } from '../layout/arrange.ts';
import { endsOf } from '../layout/drawing.ts';
import { newLayer } from './new-layer.ts';
import { isArranged, kept, onlyOf, placeIn, USUAL, withRoomFor } from '../layout/places.ts';
import { GAP, type Point } from '../layout/sizes.ts';

type Act = (document: DraftDocument) => DraftDocument;
type Layout = DraftDocument['layout'];

/** Where something stands while it is acted on. */
export interface Stage {
  readonly places: Places;
  readonly sizes: Sizes;
}

/** Where a layer goes: behind another, on a wire, or by itself. */
export type Target =
  | { readonly type: 'after'; readonly id: string }
  | { readonly type: 'wire'; readonly wire: Wire }
  | { readonly type: 'free'; readonly at: Point };

const withNetwork = (
  document: DraftDocument,
  network: NetworkSpec,
  layout: Layout = document.layout
): DraftDocument => ({
  ...document,
  experiment: { ...document.experiment, network },
  layout: onlyOf(layout, network)
});

/** Layers that come in, with wires between them and places relative to their upper left corner; places may be left out. */
export interface Coming extends Part {
  readonly layout: Layout;
}

export const single = (node: NodeSpec): Coming => ({ nodes: [node], edges: [], layout: {} });

/** The part as it can stand in this network. */
export function comingInto({ experiment }: DraftDocument, part: Coming): Coming {
  const ids = freshIds(experiment.network, part);
  const layout = Object.entries(part.layout).map(([id, at]) => [ids.get(id) ?? id, at] as const);
  return { ...renamedPart(part, ids), layout: Object.fromEntries(layout) };
}

/** A layer of the palette, with an id that is free. */
export const comingLayer = (document: DraftDocument, kind: string): Coming =>
  single(newLayer(kind, freshId(document.experiment.network, kind)));

/** The wire behind an end leads to the training card: on it is behind the end. */
export const place =
  (part: Coming, target: Target, stage: Stage): Act =>
  (document) => {
    const { network } = document.experiment;
    if (target.type === 'free') {
      const layout = isArranged(document.layout) ? kept(stage.places) : document.layout;
      return withNetwork(document, addPart(network, part), { ...layout, ...placedAt(part, target.at) });
    }
    const before = target.type === 'after' ? target.id : target.wire[0];
    const after = target.type === 'wire' && target.wire[1] !== TRAINING ? target.wire[1] : null;
    const changed = insertPart(network, part, before, after);
    const at = stage.places.get(before);
    if (isArranged(document.layout) || !at) return withNetwork(document, changed);
    const below = { x: at.x, y: at.y + (stage.sizes.get(before)?.height ?? 0) + GAP };
    return withNetwork(document, changed, withRoomFor(document.layout, placedAt(part, below), stage.sizes));
  };

/** Where the layers stand when the part's corner is at `at`; without places of their own, one below the other. */
function placedAt({ nodes, layout }: Coming, at: Point): Layout {
  const step = USUAL.height + GAP;
  return Object.fromEntries(
    nodes.map(({ id }, index) => {
      const [x, y] = placeIn(layout, id) ?? [0, index * step];
      return [id, [Math.round(at.x + x), Math.round(at.y + y)] as const];
    })
  );
}

/** What is chosen, to be put elsewhere. */
export function taken({ experiment }: DraftDocument, ids: readonly string[], { places }: Stage): Coming {
  const part = partOf(experiment.network, ids);
  const at = part.nodes.flatMap(({ id }) => places.get(id) ?? []);
  const [left, top] = [Math.min(...at.map(({ x }) => x)), Math.min(...at.map(({ y }) => y))];
  const layout = part.nodes.flatMap(({ id }) => {
    const own = places.get(id);
    return own ? [[id, [Math.round(own.x - left), Math.round(own.y - top)] as const] as const] : [];
  });
  return { ...part, layout: Object.fromEntries(layout) };
}

/** Behind the layer chosen last; else behind the end. */
export function targetOf({ network }: { network: NetworkSpec }, selected: string | null): Target {
  const ends = endsOf(network);
  const id = network.nodes.some((node) => node.id === selected) ? selected! : (ends.at(-1) ?? network.nodes.at(-1)?.id);
  return id === undefined ? { type: 'free', at: { x: 0, y: 0 } } : { type: 'after', id };
}

/** The input stays: without it there is nothing to build on. */
export const remove =
  (ids: readonly string[]): Act =>
  (document) => {
    const { network } = document.experiment;
    const gone = ids.filter((id) => network.nodes.some((node) => node.id === id && node.kind !== 'input'));
    return gone.length === 0 ? document : withNetwork(document, removeNodes(network, gone));
  };

/** A layer that takes one input gives up the one that it has. */
export const join =
  (wire: Wire): Act =>
  (document) => {
    const { network } = document.experiment;
    const before = network.edges.filter(([, to]) => to === wire[1]);
    const isFull = before.length >= mostInputs(network, wire[1]);
    const old = before[0];
    return withNetwork(document, isFull && old ? rewire(network, old, wire) : connect(network, wire));
  };

export function mostInputs({ nodes }: NetworkSpec, id: string): number {
  const kind = nodes.find((node) => node.id === id)?.kind;
  return kind === undefined ? 0 : (layerOf(kind)?.inputs.max ?? 1);
}

export const part =
  (wire: Wire): Act =>
  (document) =>
    withNetwork(document, disconnect(document.experiment.network, wire));

/** An end of the wire elsewhere; the layer there gives up the wire that it has no room for. */
export const reroute =
  (wire: Wire, wanted: Wire): Act =>
  (document) => {
    const { network } = document.experiment;
    if (wire[1] === wanted[1]) return withNetwork(document, rewire(network, wire, wanted));
    return join(wanted)(withNetwork(document, disconnect(network, wire)));
  };

/** No wire leads from these layers to others: they can be set on a wire without taking anything apart. */
export const isLoose = ({ edges }: NetworkSpec, ids: ReadonlySet<string>): boolean =>
  edges.every(([from, to]) => ids.has(from) === ids.has(to));

/** Loose layers into a wire, as they are. */
export const set =
  (ids: readonly string[], wire: Wire, stage: Stage): Act =>
  (document) =>
    place(taken(document, ids, stage), { type: 'wire', wire }, stage)(remove(ids)(document));

/** From the first time on, everything stays where it stands. */
export const move =
  (moved: Places, { places }: Stage): Act =>
  (document) => ({
    ...document,
    layout: { ...(isArranged(document.layout) ? kept(places) : document.layout), ...kept(moved) }
  });

/** Everything finds its place by itself again. */
export const arrangeAll: Act = (document) => ({ ...document, layout: {} });
