/** The frame of an experiment by its schema, without reading again the layers that were sound before: an edit leaves most of them as they are. */
import { experimentSchema, MOST_NODES, MOST_WIRES, nodeSchema, type NodeSpec } from '../contract/experiment.ts';
import { isWire } from './drawing.ts';

/** Layers by the object that they were read from: what is edited or tried shares most of them. */
export interface NodeMemo {
  /** With their settings filled in. */
  readonly read: WeakMap<object, NodeSpec>;
  /** Their frame is right. */
  readonly sound: WeakSet<object>;
}

export const newNodeMemo = (): NodeMemo => ({ read: new WeakMap(), sound: new WeakSet() });

type Frame = ReturnType<typeof experimentSchema.safeParse>;

/** As the schema would have it; where anything about the network is amiss the schema itself says what. */
export function readFrame(input: unknown, memo: NodeMemo): Frame {
  const network = soundNetwork(input, memo);
  if (!network) return experimentSchema.safeParse(input);
  const one = { nodes: network.nodes.slice(0, 1), edges: [] };
  const rest = experimentSchema.safeParse({ ...(input as object), network: one });
  return rest.success ? { ...rest, data: { ...rest.data, network } } : experimentSchema.safeParse(input);
}

interface Network {
  readonly nodes: NodeSpec[];
  readonly edges: [string, string][];
}

function soundNetwork(input: unknown, { sound }: NodeMemo): Network | null {
  const network = (input as { network?: unknown } | null | undefined)?.network;
  if (typeof network !== 'object' || network === null) return null;
  const { nodes, edges, ...others } = network as Readonly<Record<string, unknown>>;
  if (!Array.isArray(nodes) || !Array.isArray(edges) || Object.keys(others).length > 0) return null;
  if (nodes.length === 0 || nodes.length > MOST_NODES || edges.length > MOST_WIRES || !edges.every(isWire)) return null;
  for (const node of nodes as unknown[]) {
    if (typeof node !== 'object' || node === null) return null;
    if (sound.has(node)) continue;
    if (!nodeSchema.safeParse(node).success) return null;
    sound.add(node);
  }
  return { nodes: nodes as NodeSpec[], edges: edges as [string, string][] };
}
