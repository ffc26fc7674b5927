/** Cards and wires as Svelte Flow takes them. */
import type { Edge, Node } from '@xyflow/svelte';
import { Position } from '@xyflow/svelte';
import type { Wire } from '../../src-worker/graph/edit/wires.ts';
import { TRAINING } from '../state/build.svelte.ts';
import type { Target } from './acts/acts.ts';
import type { Places } from './layout/arrange.ts';
import type { Card, LayerCard, TrainingCard } from './cards/cards.ts';
import { portCount, portShare, type Port } from './layout/ports.ts';
import type { Point } from './layout/sizes.ts';
import { isSameList } from './steady.ts';

export type LayerNode = Node<{ card: LayerCard }, 'layer'>;
export type TrainingNode = Node<{ card: TrainingCard }, 'training'>;
export type FlowNode = LayerNode | TrainingNode;

export interface WireData extends Record<string, unknown> {
  readonly wire: Wire;
  readonly route: readonly Point[];
  /** What flows; null where it is not known, or said on another wire of the same layer. */
  readonly shape: readonly number[] | null;
  /** From the wire's start down to where that is written: above what may go across. */
  readonly shapeAt: number;
  /** To the training card. */
  readonly isEnd: boolean;
  /** A layer dropped at this moment would go here. */
  readonly isTarget: boolean;
  readonly isWaiting: boolean;
}
export type FlowEdge = Edge<WireData, 'wire'>;

export const OUT = 'out';
export const inPort = (index: number): string => `in-${index}`;
export const wireId = ([from, to]: Wire): string => `${from}→${to}`;

/** A card, and how it stands there: all that its node is made of. */
interface Standing {
  readonly card: Card;
  readonly at: Point;
  readonly isChosen: boolean;
  /** Where the keyboard comes in. */
  readonly isEntry: boolean;
  readonly label: string;
  readonly role: string;
}

/** The keyboard comes in at `focused`, else at the first. */
export function standingOf(
  cards: readonly Card[],
  places: Places,
  selected: readonly string[],
  focused: string | null,
  { labelOf, role }: { labelOf: (card: Card, isChosen: boolean) => string; role: string }
): Standing[] {
  const chosen = new Set(selected);
  const entry = cards.some(({ id }) => id === focused) ? focused : cards[0]?.id;
  return cards.map((card) => {
    const isChosen = chosen.has(card.id);
    const at = places.get(card.id) ?? { x: 0, y: 0 };
    return { card, at, isChosen, isEntry: card.id === entry, label: labelOf(card, isChosen), role };
  });
}

function nodeOf({ card, at, isChosen, isEntry, label, role }: Standing): FlowNode {
  const { width, height } = card.size;
  return {
    id: card.id,
    type: card.type,
    position: at,
    data: { card },
    width,
    height,
    measured: { width, height },
    handles: handlesOf(card),
    selected: isChosen,
    ariaRole: 'group',
    ariaLabel: label,
    domAttributes: { tabindex: isEntry ? 0 : -1, 'aria-roledescription': role }
  } as FlowNode;
}

function handlesOf(card: Card): NonNullable<Node['handles']> {
  const { width, height } = card.size;
  const size = { width: 1, height: 1 };
  const ports = Array.from({ length: portCount(card) }, (_, index) => ({
    id: inPort(index),
    type: 'target' as const,
    position: Position.Top,
    x: width * portShare(index, portCount(card)),
    y: 0,
    ...size
  }));
  if (card.type === 'training') return ports;
  return [...ports, { id: OUT, type: 'source', position: Position.Bottom, x: width / 2, y: height, ...size }];
}

export function edgesOf(
  { ports, routes }: { readonly ports: readonly Port[]; readonly routes: readonly Point[][] },
  cards: ReadonlyMap<string, Card>,
  { chosen, target }: { chosen: Wire | null; target: Target | null },
  { labelOf, role }: { labelOf: (wire: Wire, shape: readonly number[] | null) => string; role: string }
): FlowEdge[] {
  const told = new Set<string>();
  const chosenId = chosen && wireId(chosen);
  const targetId = target?.type === 'wire' ? wireId(target.wire) : null;
  return ports.map(({ wire, index }, i) => {
    const id = wireId(wire);
    const [source, end] = [cards.get(wire[0]), cards.get(wire[1])];
    const flows = source?.type === 'layer' ? (source.layer?.outputShape ?? null) : null;
    const shape = told.has(wire[0]) ? null : flows;
    told.add(wire[0]);
    const isEnd = wire[1] === TRAINING;
    const isTarget = targetId === id || (target?.type === 'after' && target.id === wire[0]);
    return {
      id,
      type: 'wire',
      source: wire[0],
      target: wire[1],
      sourceHandle: OUT,
      targetHandle: inPort(index),
      selectable: !isEnd,
      selected: chosenId === id,
      ariaLabel: labelOf(wire, flows),
      domAttributes: { 'aria-roledescription': role },
      data: {
        wire,
        route: routes[i]!,
        shape,
        shapeAt: routes[i]!.length > 2 || (end && portCount(end) > 1) ? 14 : 24,
        isEnd,
        isTarget,
        isWaiting: source?.type === 'layer' && source.layer === null
      }
    };
  });
}

/** Gives back the objects from before where nothing about them has changed: Svelte Flow draws only what is another. */
export class FlowShelf {
  private nodesBefore: FlowNode[] = [];
  private edgesBefore: FlowEdge[] = [];

  nodes(standing: readonly Standing[]): FlowNode[] {
    const known = new Map(this.nodesBefore.map((node) => [node.id, node]));
    const out = standing.map((one) => {
      const before = known.get(one.card.id);
      return before && shows(before, one) ? before : nodeOf(one);
    });
    if (!isSameList(this.nodesBefore, out)) this.nodesBefore = out;
    return this.nodesBefore;
  }

  edges(edges: readonly FlowEdge[]): FlowEdge[] {
    const known = new Map(this.edgesBefore.map((edge) => [edge.id, edge]));
    const out = edges.map((edge) => {
      const before = known.get(edge.id);
      return before && isSameEdge(before, edge) ? before : edge;
    });
    if (!isSameList(this.edgesBefore, out)) this.edgesBefore = out;
    return this.edgesBefore;
  }
}

const shows = (node: FlowNode, { card, at, isChosen, isEntry, label, role }: Standing): boolean =>
  node.data.card === card &&
  node.position.x === at.x &&
  node.position.y === at.y &&
  node.selected === isChosen &&
  node.ariaLabel === label &&
  node.domAttributes?.tabindex === (isEntry ? 0 : -1) &&
  node.domAttributes['aria-roledescription'] === role;

function isSameEdge(a: FlowEdge, b: FlowEdge): boolean {
  const [one, other] = [a.data!, b.data!];
  return (
    a.targetHandle === b.targetHandle &&
    a.selected === b.selected &&
    a.ariaLabel === b.ariaLabel &&
    one.isTarget === other.isTarget &&
    one.isWaiting === other.isWaiting &&
    one.shapeAt === other.shapeAt &&
    one.shape?.join() === other.shape?.join() &&
    isSameRoute(one.route, other.route)
  );
}

const isSameRoute = (a: readonly Point[], b: readonly Point[]): boolean =>
  a === b || (a.length === b.length && a.every(({ x, y }, i) => x === b[i]!.x && y === b[i]!.y));
