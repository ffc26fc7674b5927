/** What every card on the canvas shows, gathered from the draft and its report. */
import type { DatasetInfo } from '../../../src-worker/contract/dataset.ts';
import type { Experiment, NodeSpec } from '../../../src-worker/contract/experiment.ts';
import type { Problem } from '../../../src-worker/contract/problems.ts';
import type { LayerReport, LintFinding, Report } from '../../../src-worker/contract/report.ts';
import { families } from '../../../src-worker/graph/choices.ts';
import { inputSize, layerSize, trainingSize, type Size } from '../layout/sizes.ts';

export interface LayerCard {
  readonly type: 'layer';
  readonly id: string;
  readonly node: NodeSpec;
  /** What is known of it; null where it is broken, or waits. */
  readonly layer: LayerReport | null;
  readonly problems: readonly Problem[];
  /** The first fault of all: its words are open. */
  readonly isFirst: boolean;
  readonly waitsFor: string | null;
  readonly lint: readonly LintFinding[];
  /** Where wires come in: one for each, and one where there is none. */
  readonly ports: number;
  /** There is room for a picture of what it gives. */
  readonly isPictured: boolean;
  /** Of the input: what the examples come from. */
  readonly dataset: DatasetInfo | null;
  readonly size: Size;
}
export interface TrainingCard {
  readonly type: 'training';
  readonly id: string;
  readonly training: Experiment['training'];
  readonly problems: readonly Problem[];
  readonly isFirst: boolean;
  readonly lint: readonly LintFinding[];
  readonly size: Size;
}
export type Card = LayerCard | TrainingCard;

const NONE: readonly never[] = [];

export function layerCards(
  { network }: Experiment,
  report: Report,
  dataset: DatasetInfo | undefined,
  hasPreview: (id: string) => boolean
): LayerCard[] {
  const layers = new Map(report.layers.map((layer) => [layer.id, layer]));
  const waiting = new Map(report.waiting.map(({ id, for: before }) => [id, before]));
  const problems = Map.groupBy(report.problems, ({ node }) => node);
  const lint = Map.groupBy(report.lint, ({ node }) => node);
  const wires = Map.groupBy(network.edges, ([, to]) => to);
  const nodes = new Map(network.nodes.map((node) => [node.id, node]));
  /** Nothing is wrong with what has not been begun. */
  const isBegun = nodes.size > 1;
  return [...nodes.values()].map((node) => {
    const layer = layers.get(node.id) ?? null;
    const isInput = node.kind === 'input';
    const isPictured = !isInput && hasPreview(node.id);
    // What waits keeps its height, so that a fault moves nothing.
    const hasCounts = layer ? layer.parameters > 0 : takesParameters(node.kind);
    return {
      type: 'layer',
      id: node.id,
      node,
      layer,
      problems: (isBegun && problems.get(node.id)) || NONE,
      isFirst: report.problems[0]?.node === node.id,
      waitsFor: waiting.get(node.id) ?? null,
      lint: lint.get(node.id) ?? NONE,
      ports: isInput ? 0 : Math.max(1, wires.get(node.id)?.length ?? 0),
      isPictured,
      dataset: isInput ? (dataset ?? null) : null,
      size: isInput ? inputSize(dataset) : layerSize({ hasCounts, hasPreview: isPictured })
    };
  });
}

const takesParameters = (kind: string): boolean =>
  Object.hasOwn(families.layers, kind) && families.layers[kind]?.parameters !== undefined;

export function trainingCard(id: string, { training }: Experiment, report: Report): TrainingCard {
  const isOurs = ({ node, path }: { node: string | null; path: string | null }) =>
    node === null && path !== null && path.startsWith('training');
  const problems = report.problems.filter(isOurs);
  return {
    type: 'training',
    id,
    training,
    problems,
    isFirst: problems.length > 0 && report.problems[0] === problems[0],
    lint: report.lint.filter(isOurs),
    size: trainingSize
  };
}

/** The same card object where nothing on it has changed, so that only what changed is drawn again. */
export class CardShelf {
  private known = new Map<string, Card>();

  same<C extends Card>(cards: readonly C[]): C[] {
    const out = cards.map((card) => {
      const before = this.known.get(card.id);
      return before && isAlike(before, card) ? (before as C) : card;
    });
    this.known = new Map(out.map((card) => [card.id, card]));
    return out;
  }
}

/** Most of what a card holds is one and the same object as before; only what is another one is looked into. Fixes of problems are of one state of the draft. */
function isAlike(a: Card, b: Card): boolean {
  if (a.type !== b.type || a.problems.length + b.problems.length > 0) return false;
  return Object.entries(b).every(([name, value]) => {
    const other: unknown = a[name as keyof Card];
    return value === other || JSON.stringify(value) === JSON.stringify(other);
  });
}
