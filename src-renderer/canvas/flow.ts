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

/** A wire as it is drawn. */
export interface DrawnWire extends Record<string, unknown> {
  readonly id: string;
  readonly wire: Wire;
  /** Which of the inputs it leads to. */
  readonly port: number;
  readonly label: string;
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
export type FlowEdge = Edge<DrawnWire, 'wire'>;

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

export function wiresOf(
  { ports, routes }: { readonly ports: readonly Port[]; readonly routes: readonly Point[][] },
  cards: ReadonlyMap<string, Card>,
  target: Target | null,
  labelOf: (wire: Wire, shape: readonly number[] | null) => string
): DrawnWire[] {
  const told = new Set<string>();
  const targetId = target?.type === 'wire' ? wireId(target.wire) : null;
  return ports.map(({ wire, index }, i) => {
    const id = wireId(wire);
    const [source, end] = [cards.get(wire[0]), cards.get(wire[1])];
    const flows = source?.type === 'layer' ? (source.layer?.outputShape ?? null) : null;
    const shape = told.has(wire[0]) ? null : flows;
    told.add(wire[0]);
    return {
      id,
      wire,
      port: index,
      label: labelOf(wire, flows),
      route: routes[i]!,
      shape,
      shapeAt: routes[i]!.length > 2 || (end && portCount(end) > 1) ? 14 : 24,
      isEnd: wire[1] === TRAINING,
      isTarget: targetId === id || (target?.type === 'after' && target.id === wire[0]),
      isWaiting: source?.type === 'layer' && source.layer === null
    };
  });
}

/** The wire that is chosen, as Svelte Flow's: it lets the ends be taken elsewhere. */
export const edgeOf = (drawn: DrawnWire, role: string): FlowEdge => ({
  id: drawn.id,
  type: 'wire',
  source: drawn.wire[0],
  target: drawn.wire[1],
  sourceHandle: OUT,
  targetHandle: inPort(drawn.port),
  selectable: !drawn.isEnd,
  selected: true,
  ariaLabel: drawn.label,
  domAttributes: { 'aria-roledescription': role },
  data: drawn
});

/** Gives back the objects from before where nothing about them has changed: only what is another is drawn again. */
export class FlowShelf {
  private nodesBefore: FlowNode[] = [];
  private wiresBefore: readonly DrawnWire[] = [];

  nodes(standing: readonly Standing[]): FlowNode[] {
    const known = new Map(this.nodesBefore.map((node) => [node.id, node]));
    const out = standing.map((one) => {
      const before = known.get(one.card.id);
      return before && shows(before, one) ? before : nodeOf(one);
    });
    if (!isSameList(this.nodesBefore, out)) this.nodesBefore = out;
    return this.nodesBefore;
  }

  wires(wires: readonly DrawnWire[]): readonly DrawnWire[] {
    const known = new Map(this.wiresBefore.map((wire) => [wire.id, wire]));
    const out = wires.map((wire) => {
      const before = known.get(wire.id);
      return before && isSameWire(before, wire) ? before : wire;
    });
    if (!isSameList(this.wiresBefore, out)) this.wiresBefore = out;
    return this.wiresBefore;
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

const isSameWire = (a: DrawnWire, b: DrawnWire): boolean =>
  a.port === b.port &&
  a.label === b.label &&
  a.isTarget === b.isTarget &&
  a.isWaiting === b.isWaiting &&
  a.shapeAt === b.shapeAt &&
  a.shape?.join() === b.shape?.join() &&
  isSameRoute(a.route, b.route);

const isSameRoute = (a: readonly Point[], b: readonly Point[]): boolean =>
  a === b || (a.length === b.length && a.every(({ x, y }, i) => x === b[i]!.x && y === b[i]!.y));
