/**
 * Values that a shard needs only while it is at work. A thread computes its shards one after another, so all of them keep such values in
 * the same place, and what is no longer read makes room for what comes next: the fewer bytes a step touches, the more of them are still
 * in the cache.
 */
import { sizeOf, tensorsOf, type Tensor } from '../../plan/program.ts';
import { opOf } from './fuse.ts';
import type { Phase } from './phases.ts';

export interface PassingValue {
  readonly tensor: Tensor;
  /** One for each program that uses it. */
  readonly spans: readonly Span[];
}

/** The first and the last step that use it; steps are numbered through all programs. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** `segment`: the only one of a program that uses it, or null where there are several. */
interface Use extends Span {
  readonly segment: number | null;
}

/**
 * Tensors of examples that every program uses within one segment, which a shard goes through in one go. `kept`: tensors that are wanted
 * or filled by others than these programs.
 */
export function passingValues(
  tensors: readonly Tensor[],
  programs: readonly (readonly Phase[])[],
  kept: ReadonlySet<number>
): PassingValue[] {
  let firstStep = 0;
  const uses = programs.map((phases) => {
    const own = usesIn(phases, firstStep);
    firstStep = Math.max(firstStep, ...[...own.values()].map(({ to }) => to + 1));
    return own;
  });
  return tensors
    .filter(({ id, perExample }) => perExample && !kept.has(id))
    .map((tensor) => ({ tensor, spans: uses.flatMap((of) => of.get(tensor.id) ?? []) }))
    .filter(({ spans }) => spans.every(({ segment }) => segment !== null));
}

function usesIn(phases: readonly Phase[], firstStep: number): Map<number, Use> {
  const uses = new Map<number, Use>();
  const segments = phases.flatMap((phase) => phase.segments);
  let at = firstStep;
  for (const [number, { shards }] of segments.entries())
    for (const { step } of shards) {
      const { reads, writes } = tensorsOf(opOf(step));
      for (const { id } of [...reads, ...writes]) {
        const { from, segment } = uses.get(id) ?? { from: at, segment: number };
        uses.set(id, { from, to: at, segment: segment === number ? number : null });
      }
      at++;
    }
  return uses;
}

interface Placed extends PassingValue {
  readonly at: number;
  readonly end: number;
}

/**
 * A place for each value, by tensor id in bytes from the beginning, where no two share memory while both are in use: the largest first,
 * each as near to the beginning as it fits. And the bytes of all together.
 */
export function overlay(
  values: readonly PassingValue[],
  bytesOf: (tensor: Tensor) => number
): { places: Map<number, number>; bytes: number } {
  const placed: Placed[] = [];
  for (const value of [...values].sort((a, b) => sizeOf(b.tensor.shape) - sizeOf(a.tensor.shape))) {
    // What operations that were joined had between them is never written.
    const bytes = value.spans.length > 0 ? bytesOf(value.tensor) : 0;
    let at = 0;
    for (const other of placed.filter((one) => meet(one, value)).sort((a, b) => a.at - b.at)) {
      if (at + bytes <= other.at) break;
      at = Math.max(at, other.end);
    }
    placed.push({ ...value, at, end: at + bytes });
  }
  return {
    places: new Map(placed.map(({ tensor, at }) => [tensor.id, at])),
    bytes: Math.max(0, ...placed.map(({ end }) => end))
  };
}

const meet = (a: PassingValue, b: PassingValue) =>
  a.spans.some((one) => b.spans.some(({ from, to }) => from <= one.to && one.from <= to));
