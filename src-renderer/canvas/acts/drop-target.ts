/** Where a layer would go that is dropped at a point: on the wire or behind the layer that is near, else by itself. */
import type { NetworkSpec } from '../../../src-worker/contract/experiment.ts';
import type { Wire } from '../../../src-worker/graph/edit/wires.ts';
import type { Target } from './acts.ts';
import type { Places, Sizes } from '../layout/arrange.ts';
import { endsOf } from '../layout/drawing.ts';
import type { Port } from '../layout/ports.ts';
import { distanceTo } from '../layout/route.ts';
import { GAP, NODE_WIDTH, type Point } from '../layout/sizes.ts';

/** A wire is meant from this far. */
const NEAR = 28;

interface Scene {
  readonly places: Places;
  readonly sizes: Sizes;
  readonly ports: readonly Port[];
  readonly routes: readonly (readonly Point[])[];
}

/** The nearest of the wires that are near; null where none is. */
export function wireAt(
  at: Point,
  { ports, routes }: Pick<Scene, 'ports' | 'routes'>,
  counts: (wire: Wire) => boolean = () => true
): Wire | null {
  let [nearest, least]: [Wire | null, number] = [null, NEAR];
  for (const [index, { wire }] of ports.entries()) {
    const distance = counts(wire) ? distanceTo(routes[index]!, at) : Infinity;
    if (distance <= least) [nearest, least] = [wire, distance];
  }
  return nearest;
}

export function dropTarget(at: Point, scene: Scene): Target {
  const { places, sizes } = scene;
  const wire = wireAt(at, scene);
  if (wire) return { type: 'wire', wire };
  for (const [id, { x, y }] of places) {
    const { width, height } = sizes.get(id)!;
    const isOver = at.x >= x && at.x <= x + width && at.y >= y && at.y <= y + height + NEAR;
    if (isOver && !id.startsWith('@')) return { type: 'after', id };
  }
  return { type: 'free', at: { x: at.x - NODE_WIDTH / 2, y: at.y - GAP / 2 } };
}

/** A network that is only begun has one place where a layer can go: behind its end. */
export const settled = (target: Target, network: NetworkSpec): Target => {
  const end = endsOf(network)[0];
  return target.type === 'free' && network.nodes.length === 1 && end !== undefined
    ? { type: 'after', id: end }
    : target;
};
