/** One thread's share of a program: the calls of its shards, phase by phase. */
import type { Kernels } from '../../kernels/signatures.ts';
import type { Plan } from '../../plan/plan.ts';
import { sizeOf, tensorsOf, type MapOp, type ReduceOp, type Tensor } from '../../plan/program.ts';
import type { CompiledLoops } from './emit-map.ts';
import { opOf } from './fuse.ts';
import type { Layout } from './layout.ts';
import type { CutPlan, Gathering, Phase, Segment, ShardStep } from './phases.ts';
import { callAll, callOf, type Call, type RowRange } from './steps.ts';

export interface Shard {
  readonly number: number;
  readonly range: RowRange;
  /** First row behind it. */
  readonly last: number;
  /** Its own gradients of all parameters. */
  readonly gradients: Float32Array;
  /** Fetches its rows. */
  readonly feeds: readonly Call[];
}

export interface ProgramParts {
  readonly plan: Plan;
  readonly cut: CutPlan;
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly thread: number;
  readonly shards: readonly Shard[];
  readonly loops: (op: MapOp | ReduceOp) => CompiledLoops;
}

interface SegmentCalls {
  readonly rules: readonly Call[];
  /** By shard; `empty` instead where it has no rows. */
  readonly shards: readonly {
    readonly range: RowRange;
    readonly calls: readonly Call[];
    readonly empty: readonly Call[];
  }[];
}

export class PartProgram {
  readonly #parts: ProgramParts;
  readonly #gradients: ReadonlySet<number>;
  readonly #passing: ReadonlySet<number>;
  readonly #phases: readonly { readonly gather: readonly Call[]; readonly segments: readonly SegmentCalls[] }[];

  constructor(phases: readonly Phase[], parts: ProgramParts) {
    this.#parts = parts;
    this.#gradients = new Set(parts.plan.parameters.map(({ gradient }) => gradient.id));
    this.#passing = new Set(parts.cut.passing.map(({ tensor }) => tensor.id));
    this.#phases = phases.map(({ gathered, segments }, phase) => ({
      gather: gathered.map((gathering) => this.#gatherCall(gathering)),
      segments: segments.map((segment, i) => this.#segmentCalls(segment, phase === 0 && i === 0))
    }));
  }

  /** `barrier` once between two phases, whatever the shards hold. */
  run(barrier: Call): void {
    for (let phase = 0; phase < this.#phases.length; phase++) {
      const { gather, segments } = this.#phases[phase]!;
      if (phase > 0) barrier();
      callAll(gather);
      for (const { rules, shards } of segments) {
        callAll(rules);
        for (const { range, calls, empty } of shards) callAll(range.count > 0 ? calls : empty);
      }
    }
  }

  #segmentCalls({ rules, shards: steps }: Segment, isFirst: boolean): SegmentCalls {
    const { shards } = this.#parts;
    return {
      rules: rules.map((step) =>
        callOf(
          step,
          this.#context((tensor) => this.#address(tensor, null))
        )
      ),
      shards: shards.map((shard) => {
        const calls = steps.map((step) => this.#shardCall(step, shard));
        const empty = steps.flatMap(({ step, parts }) => parts.map((part) => this.#clearPart(step, part, shard)));
        return { range: shard.range, calls: isFirst ? [...shard.feeds, ...calls] : calls, empty };
      })
    };
  }

  #context(address: (tensor: Tensor) => number, range: RowRange = { first: 0, count: 0 }) {
    const { kernels, layout, thread, loops } = this.#parts;
    return { kernels, address, range, scratch: layout.scratch[thread]!, loops };
  }

  #shardCall({ step, parts, isOnce }: ShardStep, shard: Shard): Call {
    if (isOnce && shard.number > 0) return this.#clearGradients(step, shard);
    const address = (tensor: Tensor): number => {
      const part = parts.find(({ tensor: { id } }) => id === tensor.id);
      return part ? this.#partAddress(part, shard.number) : this.#address(tensor, shard);
    };
    return callOf(step, this.#context(address, shard.range));
  }

  #address(tensor: Tensor, shard: Shard | null): number {
    const { layout, cut, thread } = this.#parts;
    const statistic = cut.statistics.get(tensor.id);
    if (statistic !== undefined) return layout.statistics + thread * layout.statisticStride + 4 * statistic;
    const at = layout.tensors[tensor.id]!;
    if (this.#gradients.has(tensor.id)) return at + (shard?.number ?? 0) * layout.gradientStride;
    if (this.#passing.has(tensor.id)) return at + thread * layout.passingStride;
    return tensor.perExample ? at + shard!.range.first * sizeOf(tensor.shape) * 4 : at;
  }

  #partAddress({ at }: Gathering, shard: number): number {
    const { layout } = this.#parts;
    return layout.parts + shard * layout.partStride + 4 * at;
  }

  #floats(address: number, length: number): Float32Array {
    return new Float32Array(this.#parts.memory.buffer, address, length);
  }

  /** The shards' parts together, in float64 and in their order. */
  #gatherCall({ kind, onto, ...part }: Gathering): Call {
    const length = sizeOf(part.tensor.shape);
    const whole = this.#floats(this.#address(part.tensor, null), length);
    const parts = Array.from({ length: this.#parts.plan.shards }, (_, shard) =>
      this.#floats(this.#partAddress({ kind, onto, ...part }, shard), length)
    );
    const nothing = kind === 'max' ? -Infinity : 0;
    const combine = kind === 'max' ? Math.max : (a: number, b: number) => a + b;
    return () => {
      for (let i = 0; i < length; i++) {
        let value = nothing;
        for (let s = 0; s < parts.length; s++) value = combine(value, parts[s]![i]!);
        whole[i] = onto ? combine(whole[i]!, value) : value;
      }
    };
  }

  /** What a shard without rows adds to a statistic; where others add to the part, there is nothing to clear. */
  #clearPart(step: ShardStep['step'], part: Gathering, { number }: Shard): Call {
    const op = opOf(step);
    if ('add' in op && op.add) return () => undefined;
    const values = this.#floats(this.#partAddress(part, number), sizeOf(part.tensor.shape));
    return () => void values.fill(part.kind === 'max' ? -Infinity : 0);
  }

  #clearGradients(step: ShardStep['step'], shard: Shard): Call {
    const op = opOf(step);
    if ('add' in op && op.add) return () => undefined;
    const values = tensorsOf(op).writes.map((tensor) =>
      this.#floats(this.#address(tensor, shard), sizeOf(tensor.shape))
    );
    return () => values.forEach((gradient) => void gradient.fill(0));
  }
}
