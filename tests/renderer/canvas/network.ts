/** Networks for tests, as short as they can be written. */
import { experimentSchema, type Experiment, type NetworkSpec } from '../../../src-worker/contract/experiment.ts';
import { drawingOf, type Drawing } from '../../../src-renderer/canvas/layout/drawing.ts';
import { NODE_WIDTH, type Size } from '../../../src-renderer/canvas/layout/sizes.ts';
import type { DraftDocument } from '../../../src-renderer/state/draft-history.svelte.ts';

/** `input>c1 c1>a1`: layers by id, in the order in which they are named; the kind is `input` for `input`, else dense. */
export function networkOf(wires: string, kinds: Readonly<Record<string, string>> = {}): NetworkSpec {
  const edges = wires.split(' ').map((wire) => wire.split('>') as [string, string]);
  const ids = [...new Set(edges.flat().filter((id) => id !== undefined))];
  return {
    nodes: ids.map((id) => ({ id, kind: kinds[id] ?? (id === 'input' ? 'input' : 'dense') })),
    edges: edges.filter((edge) => edge.length === 2)
  };
}

export const chain = (length: number): NetworkSpec =>
  networkOf(Array.from({ length }, (_, i) => `${i === 0 ? 'input' : `n${i}`}>n${i + 1}`).join(' '));

export const sizesOf = ({ ids }: Drawing, height = 64): Map<string, Size> =>
  new Map(ids.map((id) => [id, { width: NODE_WIDTH, height }]));

export function documentOf(network: NetworkSpec, layout: DraftDocument['layout'] = {}): DraftDocument {
  const experiment: Experiment = experimentSchema.parse({
    version: 1,
    name: 'test',
    data: { dataset: 'test' },
    network
  });
  return { experiment, layout };
}

export const drawn = (wires: string): Drawing => drawingOf(networkOf(wires));
