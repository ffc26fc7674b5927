/** What a shard fetches before its operations: the examples by kernels, everything else by the rules of backends/feed.ts. */
import { maskKey, maskLimit } from '../../data/mask.ts';
import type { Feed, FeedSource, Plan } from '../../plan/plan.ts';
import { sizeOf, type Tensor } from '../../plan/program.ts';
import type { ExampleTable } from '../backend.ts';
import { fillOf, type FeedStep } from '../feed.ts';
import type { Kernels } from '../../kernels/signatures.ts';
import type { Layout } from './layout.ts';
import type { Call, RowRange } from './steps.ts';

export interface FeedParts {
  readonly plan: Plan;
  readonly table: ExampleTable;
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
}

/** The mini-batch as it lies in the engine's memory; the same object for every step. */
export type CurrentStep = { -readonly [K in keyof FeedStep]: FeedStep[K] };

export function feedCalls(parts: FeedParts, range: RowRange, step: CurrentStep): Call[] {
  return parts.plan.feeds.map((feed) => {
    if (feed.source.kind === 'example') return takeExamples(parts, feed, range, step);
    return feed.source.kind === 'mask'
      ? drawMask(parts, feed.tensor, feed.source, range, step)
      : fill(parts, feed, range, step);
  });
}

/** Examples that are changed on their way in go by the rules, all others by kernels. */
function takeExamples(parts: FeedParts, feed: Feed, range: RowRange, step: CurrentStep): Call {
  const load = loadExamples(parts, feed, range, step);
  if (parts.plan.augment.length === 0) return load;
  const change = fill(parts, feed, range, step);
  return () => (step.mode === 'training' ? change() : load());
}

function drawMask(
  { plan, layout, kernels }: FeedParts,
  tensor: Tensor,
  { keep, stream }: FeedSource & { kind: 'mask' },
  range: RowRange,
  step: CurrentStep
): Call {
  const [size, key, limit] = [sizeOf(tensor.shape), maskKey(plan.seed, stream), maskLimit(keep)];
  const y = layout.tensors[tensor.id]! + range.first * size * 4;
  return () => {
    if (step.mode === 'training') kernels.fillMask(range.count, size, range.first, key, step.step, limit, y);
  };
}

function fill({ plan, table, layout, memory }: FeedParts, feed: Feed, range: RowRange, step: CurrentStep): Call {
  const { tensor, source } = feed;
  const size = sizeOf(tensor.shape);
  const make = tensor.type === 'i32' ? Int32Array : Float32Array;
  const values = new make(memory.buffer, layout.tensors[tensor.id], plan.batchSize * size);
  const run = fillOf(source, size, plan, table);
  return () => run(values, range.first, range.first + range.count, step);
}

/** Stored examples are copied to a staging area first: the table is not in the engine's memory. */
function loadExamples(
  { plan, table: { examples }, layout, memory, kernels }: FeedParts,
  { tensor }: Feed,
  range: RowRange,
  { rows }: CurrentStep
): Call {
  const inputs = sizeOf(plan.inputShape);
  const isBytes = examples instanceof Uint8Array;
  const make = isBytes ? Uint8Array : Float32Array;
  const staging = layout.staging + range.first * inputs * make.BYTES_PER_ELEMENT;
  const stored = new make(memory.buffer, staging, (plan.batchSize - range.first) * inputs);
  const unpack = isBytes ? kernels.unpackBytes : kernels.unpackFloats;
  const x = layout.tensors[tensor.id]! + range.first * inputs * 4;
  const copy = copyRows(examples, stored, inputs);
  return () => {
    for (let i = 0; i < range.count; i++) copy(rows[range.first + i]!, i);
    unpack(range.count, inputs, staging, layout.scale, layout.shift, x);
  };
}

const wordTypes = [BigInt64Array, Int32Array, Uint8Array] as const;

/** Copies example `row` of the table to place `i` of the staging area, by the largest words that rows consist of. */
function copyRows(
  examples: Uint8Array | Float32Array,
  staging: Uint8Array | Float32Array,
  inputs: number
): (row: number, i: number) => void {
  const bytes = inputs * examples.BYTES_PER_ELEMENT;
  const places = [bytes, examples.byteOffset, staging.byteOffset];
  const Words = wordTypes.find(({ BYTES_PER_ELEMENT }) => places.every((place) => place % BYTES_PER_ELEMENT === 0))!;
  const size = Words.BYTES_PER_ELEMENT;
  // The same type on both sides, whichever it is.
  const [from, to] = [examples, staging].map(
    ({ buffer, byteOffset, byteLength }) => new Words(buffer as ArrayBuffer, byteOffset, Math.floor(byteLength / size))
  ) as [Int32Array, Int32Array];
  const length = bytes / size;
  return (row, i) => {
    const [source, target] = [row * length, i * length];
    for (let j = 0; j < length; j++) to[target + j] = from[source + j]!;
  };
}
