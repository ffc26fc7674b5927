/** Candidates that change layers and wires, from which the menders of wires, shapes and outputs choose. */
import type { NetworkSpec, NodeSpec } from '../../contract/experiment.ts';
import type { FixCode } from '../../contract/fix-words.ts';
import type { Kinded } from '../../contract/fields.ts';
import type { Words } from '../../contract/words.ts';
import { shapeText } from '../../contract/refusal.ts';
import { connect, disconnect, freshId, insertOnWire, removeNodes, type Wire } from '../edit/wires.ts';
import { isObject, networkIn, put, withNetwork, type Spec } from './document.ts';
import type { Candidate, Context } from './mender.ts';

export const onNetwork = (code: FixCode, words: Words, change: (network: NetworkSpec) => NetworkSpec): Candidate => ({
  code,
  words,
  change: (spec) => withNetwork(spec, change)
});

export const wiresInto = ({ edges }: NetworkSpec, id: string): Wire[] => edges.filter(([, to]) => to === id);
export const wiresFrom = ({ edges }: NetworkSpec, id: string): Wire[] => edges.filter(([from]) => from === id);
/** The layers that nothing follows. */
export const endsIn = ({ nodes, edges }: NetworkSpec): NodeSpec[] =>
  nodes.filter(({ id }) => !edges.some(([from]) => from === id));

export const addWire = ([from, to]: Wire): Candidate =>
  onNetwork('connect', { from, to }, (network) => connect(network, [from, to]));

export const cutWire = ([from, to]: Wire): Candidate =>
  onNetwork('remove-wire', { from, to }, (network) => disconnect(network, [from, to]));

export const removeLayer = (layer: string): Candidate =>
  onNetwork('remove-layer', { layer }, (network) => removeNodes(network, [layer]));

/** A layer of a kind on some wires into another, one on each. */
export function insertBefore(layer: string, spec: Kinded, wires?: readonly Wire[]): Candidate {
  const change = (network: NetworkSpec) =>
    (wires ?? wiresInto(network, layer)).reduce<NetworkSpec>((grown, wire) => {
      const { kind, ...settings } = spec;
      return insertOnWire(grown, { id: freshId(grown, shortName(kind)), kind, ...settings }, wire);
    }, network);
  const { kind } = spec;
  if (kind === 'flatten') return onNetwork('insert-flatten', { layer }, change);
  if (kind === 'reshape') {
    const shape = shapeText([spec['height'], spec['width'], spec['channels']] as number[]);
    return onNetwork('insert-reshape', { layer, shape }, change);
  }
  if (kind === 'dense') return onNetwork('insert-dense', { layer, units: Number(spec['units']) }, change);
  return onNetwork('insert-layer', { layer, kind }, change);
}

const shortName = (kind: string): string => (kind === 'global-average-pool' ? 'pool' : kind);

/** A layer behind an end, which takes over what judged that end. */
export function append(end: string, { kind, ...settings }: Kinded, code: FixCode, words: Words): Candidate {
  return {
    code,
    words: { layer: end, ...words },
    change(spec) {
      const network = networkIn(spec);
      if (!network) return spec;
      const id = freshId(network, shortName(kind));
      const grown = withNetwork(spec, ({ nodes, edges }) => ({
        nodes: [...nodes, { id, kind, ...settings }],
        edges: [...edges, [end, id]]
      }));
      return withHeadOf(grown, end, id);
    }
  };
}

/** What judged one end judges another. */
export function withHeadOf(spec: Spec, from: string, to: string): Spec {
  const heads = isObject(spec['training']) ? spec['training']['heads'] : undefined;
  if (!isObject(heads) || !Object.hasOwn(heads, from)) return spec;
  const renamed = Object.fromEntries(Object.entries(heads).map(([id, head]) => [id === from ? to : id, head]));
  return put(spec, ['training', 'heads'], renamed);
}

export function setLayer(layer: string, settings: Readonly<Record<string, unknown>>): Candidate {
  const [[name, value] = ['', '']] = Object.entries(settings);
  const words = { layer, setting: name, value: typeof value === 'string' ? value : JSON.stringify(value) };
  return onNetwork('set-layer', words, ({ nodes, edges }) => ({
    nodes: nodes.map((node) => (node.id === layer ? { ...node, ...settings } : node)),
    edges
  }));
}

/** Another kind in the same place; nothing is left of its settings. */
export const replaceLayer = (layer: string, spec: Kinded): Candidate =>
  onNetwork('replace-layer', { layer, kind: spec.kind }, ({ nodes, edges }) => ({
    nodes: nodes.map((node) => (node.id === layer ? { id: layer, ...spec } : node)),
    edges
  }));

export const shapeOf = ({ examined }: Context, id: string): readonly number[] | undefined =>
  examined.network.layers.find((layer) => layer.id === id)?.outputShape;

/** Layers that can be come to from one against the wires, nearest first, itself left out. */
export function before({ edges }: NetworkSpec, id: string): string[] {
  const found = [id];
  for (const at of found) for (const [from, to] of edges) if (to === at && !found.includes(from)) found.push(from);
  return found.slice(1);
}

/** Layers that can be come to from one along the wires, itself left out. */
export function after({ edges }: NetworkSpec, id: string): string[] {
  const found = [id];
  for (const at of found) for (const [from, to] of edges) if (from === at && !found.includes(to)) found.push(to);
  return found.slice(1);
}

export const kindOf = ({ nodes }: NetworkSpec, id: string) => nodes.find((node) => node.id === id)?.kind;
