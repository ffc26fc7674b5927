/** Questions that several rules ask of a network. */
import type { ResolvedLayer } from '../graph/resolve-network.ts';
import { endsOf } from '../graph/heads.ts';

type Layers = readonly ResolvedLayer[];

interface Links {
  readonly byId: ReadonlyMap<string, ResolvedLayer>;
  readonly followers: ReadonlyMap<string, ResolvedLayer[]>;
  readonly ends: ReadonlySet<ResolvedLayer>;
}

/** Every rule asks the same network about every layer. */
const known = new WeakMap<Layers, Links>();

function linksOf(layers: Layers): Links {
  let links = known.get(layers);
  if (links) return links;
  const followers = new Map<string, ResolvedLayer[]>();
  for (const layer of layers)
    for (const id of new Set(layer.from)) followers.set(id, [...(followers.get(id) ?? []), layer]);
  const byId = new Map(layers.map((layer) => [layer.id, layer]));
  links = { byId, followers, ends: new Set(endsOf(layers)) };
  known.set(layers, links);
  return links;
}

export const kindOf = ({ definition }: ResolvedLayer): string => definition.kind;
export const followers = (layers: Layers, { id }: ResolvedLayer): ResolvedLayer[] =>
  linksOf(layers).followers.get(id) ?? [];
/** In the order of computation. */
export const sources = (layers: Layers, { from }: ResolvedLayer): ResolvedLayer[] =>
  from.length < 2
    ? from.flatMap((id) => linksOf(layers).byId.get(id) ?? [])
    : layers.filter(({ id }) => from.includes(id));
export const isEnd = (layers: Layers, layer: ResolvedLayer): boolean => linksOf(layers).ends.has(layer);

export const isActivation = ({ definition }: ResolvedLayer): boolean => definition.group === 'activation';
export const isNorm = ({ definition }: ResolvedLayer): boolean => definition.group === 'normalization';
/** Computes sums of products with weights. */
export const isWeighted = (layer: ResolvedLayer): boolean => ['dense', 'conv2d'].includes(kindOf(layer));

/** The one layer behind, where there is exactly one. */
export function next(layers: Layers, layer: ResolvedLayer): ResolvedLayer | null {
  const [only, ...others] = followers(layers, layer);
  return only && others.length === 0 ? only : null;
}

/** The nearest layer behind that is not passed over, along layers that one follows alone. */
export function nextThrough(
  layers: Layers,
  layer: ResolvedLayer,
  passes: (layer: ResolvedLayer) => boolean
): ResolvedLayer | null {
  const behind = next(layers, layer);
  return behind && passes(behind) ? nextThrough(layers, behind, passes) : behind;
}

export const settingOf = ({ config }: ResolvedLayer, name: string): unknown =>
  (config as Readonly<Record<string, unknown>>)[name];

/** The kind of the rule for initial weights. */
export const initOf = (layer: ResolvedLayer): { kind: string; std?: number } | null =>
  (settingOf(layer, 'init') as { kind: string; std?: number } | undefined) ?? null;

/** Weighted layers on the longest way through the network. */
export function depthOf(layers: Layers): number {
  const depth = new Map<string, number>();
  for (const layer of layers) {
    const before = Math.max(0, ...layer.from.map((id) => depth.get(id) ?? 0));
    depth.set(layer.id, before + (isWeighted(layer) ? 1 : 0));
  }
  return Math.max(0, ...depth.values());
}

export const shownPath = (layer: ResolvedLayer, setting: string): string => `network.nodes.${layer.id}.${setting}`;
