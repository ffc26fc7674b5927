/** Cards and wires as Svelte Flow takes them. */
import type { Edge, Node } from '@xyflow/svelte';
import { Position } from '@xyflow/svelte';
import type { Wire } from '../../src-worker/graph/edit/wires.ts';
import { TRAINING } from '../state/build.svelte.ts';
import type { Target } from './acts/acts.ts';
import type { Places } from './layout/arrange.ts';
import type { Card, LayerCard, TrainingCard } from './cards/cards.ts';
import type { Drawing } from './layout/drawing.ts';
import type { Point } from './layout/sizes.ts';

export type LayerNode = Node<{ card: LayerCard }, 'layer'>;
export type TrainingNode = Node<{ card: TrainingCard }, 'training'>;
export type FlowNode = LayerNode | TrainingNode;

export interface WireData extends Record<string, unknown> {
  readonly wire: Wire;
  readonly route: readonly Point[];
  /** What flows; null where it is not known, or said on another wire of the same layer. */
  readonly shape: readonly number[] | null;
  /** To the training card. */
  readonly isEnd: boolean;
  /** A layer dropped at this moment would go here. */
  readonly isTarget: boolean;
  readonly isWaiting: boolean;
}
export type FlowEdge = Edge<WireData, 'wire'>;

export interface Port {
  readonly wire: Wire;
  /** Which of the inputs. */
  readonly index: number;
  readonly from: Point;
  readonly to: Point;
}

export const OUT = 'out';
export const inPort = (index: number): string => `in-${index}`;
export const wireId = ([from, to]: Wire): string => `${from}→${to}`;

/** From the left, 0…1: where on a card's upper edge its inputs are. */
export const portShare = (index: number, count: number): number => (index + 1) / (count + 1);

const portCount = (card: Card | undefined): number => (card?.type === 'layer' ? card.ports : 1);

/** Both ends of every wire, in the order of the wires. */
export function portsOf({ wires }: Drawing, cards: ReadonlyMap<string, Card>, places: Places): Port[] {
  const seen = new Map<string, number>();
  return wires.flatMap((wire): Port[] => {
    const [source, target] = [cards.get(wire[0]), cards.get(wire[1])];
    const [start, end] = [places.get(wire[0]), places.get(wire[1])];
    if (!source || !target || !start || !end) return [];
    const count = portCount(target);
    const index = wire[1] === TRAINING ? 0 : Math.min(seen.get(wire[1]) ?? 0, count - 1);
    seen.set(wire[1], index + 1);
    return [
      {
        wire,
        index,
        from: { x: start.x + source.size.width / 2, y: start.y + source.size.height },
        to: { x: end.x + target.size.width * portShare(index, count), y: end.y }
      }
    ];
  });
}

/** `focused`, else the first, is where the keyboard comes in. */
export function nodesOf(
  cards: readonly Card[],
  places: Places,
  selected: readonly string[],
  focused: string | null,
  { labelOf, role }: { labelOf: (card: Card, isChosen: boolean) => string; role: string }
): FlowNode[] {
  const chosen = new Set(selected);
  const entry = cards.some(({ id }) => id === focused) ? focused : cards[0]?.id;
  return cards.map((card) => {
    const { width, height } = card.size;
    return {
      id: card.id,
      type: card.type,
      position: places.get(card.id) ?? { x: 0, y: 0 },
      data: { card },
      width,
      height,
      measured: { width, height },
      handles: handlesOf(card),
      selected: chosen.has(card.id),
      ariaRole: 'group',
      ariaLabel: labelOf(card, chosen.has(card.id)),
      domAttributes: { tabindex: card.id === entry ? 0 : -1, 'aria-roledescription': role }
    } as FlowNode;
  });
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
  ports: readonly Port[],
  routes: readonly Point[][],
  cards: ReadonlyMap<string, Card>,
  chosen: Wire | null,
  target: Target | null
): FlowEdge[] {
  const told = new Set<string>();
  const chosenId = chosen && wireId(chosen);
  const targetId = target?.type === 'wire' ? wireId(target.wire) : null;
  return ports.map(({ wire, index }, i) => {
    const id = wireId(wire);
    const source = cards.get(wire[0]);
    const shape = source?.type === 'layer' && !told.has(wire[0]) ? (source.layer?.outputShape ?? null) : null;
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
      data: {
        wire,
        route: routes[i]!,
        shape,
        isEnd,
        isTarget,
        isWaiting: source?.type === 'layer' && source.layer === null
      }
    };
  });
}

/** Gives back the object from before where nothing about it has changed: Svelte Flow draws only what is another. */
export class FlowShelf {
  private nodesBefore = new Map<string, FlowNode>();
  private edgesBefore = new Map<string, FlowEdge>();

  nodes(nodes: readonly FlowNode[]): FlowNode[] {
    const out = nodes.map((node) => {
      const before = this.nodesBefore.get(node.id);
      return before && isSameNode(before, node) ? before : node;
    });
    this.nodesBefore = new Map(out.map((node) => [node.id, node]));
    return out;
  }

  edges(edges: readonly FlowEdge[]): FlowEdge[] {
    const out = edges.map((edge) => {
      const before = this.edgesBefore.get(edge.id);
      return before && isSameEdge(before, edge) ? before : edge;
    });
    this.edgesBefore = new Map(out.map((edge) => [edge.id, edge]));
    return out;
  }
}

function isSameEdge(a: FlowEdge, b: FlowEdge): boolean {
  const [one, other] = [a.data!, b.data!];
  return (
    a.targetHandle === b.targetHandle &&
    a.selected === b.selected &&
    one.isTarget === other.isTarget &&
    one.isWaiting === other.isWaiting &&
    one.shape?.join() === other.shape?.join() &&
    one.route.length === other.route.length &&
    one.route.every(({ x, y }, i) => x === other.route[i]!.x && y === other.route[i]!.y)
  );
}

const isSameNode = (a: FlowNode, b: FlowNode): boolean =>
  a.data.card === b.data.card &&
  a.position.x === b.position.x &&
  a.position.y === b.position.y &&
  a.selected === b.selected &&
  a.ariaLabel === b.ariaLabel &&
  a.domAttributes?.tabindex === b.domAttributes?.tabindex;
