/**
 * A program cut where a statistic of the batch is read: each shard has summed a part of it, and only the parts of all shards together
 * are the statistic.
 *
 * Between two phases all threads wait for each other; then each combines the parts, always in the order of the shards, into a copy of
 * its own. Rules over statistics alone run once a thread. What a rule gives to the gradient of a parameter must count once, so only the
 * first shard writes it.
 */
import { LabError } from '../../contract/errors.ts';
import type { Plan } from '../../plan/plan.ts';
import { batchStatistics, sizeOf, tensorsOf, type ReduceKind, type Tensor } from '../../plan/program.ts';
import { fuse, opOf, type Step } from './fuse.ts';
import { passingValues, type PassingValue } from './lifetimes.ts';

/** A statistic on its way from the shards' parts to the whole. */
export interface Gathering {
  readonly tensor: Tensor;
  readonly kind: ReduceKind;
  /** Floats from the beginning of a shard's parts. */
  readonly at: number;
  /** The parts are added to what the statistic holds. */
  readonly onto: boolean;
}

export interface ShardStep {
  readonly step: Step;
  /** Statistics of which it writes the shard's part, instead of the whole. */
  readonly parts: readonly Gathering[];
  /** For the first shard alone; elsewhere its targets are 0. */
  readonly isOnce: boolean;
}

export interface Segment {
  readonly rules: Step[];
  readonly shards: ShardStep[];
}

export interface Phase {
  /** What has to be combined first. */
  readonly gathered: readonly Gathering[];
  readonly segments: Segment[];
}

export interface CutPlan {
  readonly gradients: readonly Phase[];
  readonly evaluation: readonly Phase[];
  /** Every statistic, and its place in floats in a thread's copies. */
  readonly statistics: ReadonlyMap<number, number>;
  readonly statisticFloats: number;
  /** Floats of a shard's parts. */
  readonly partFloats: number;
  /** Values that a shard needs only while it is at work. */
  readonly passing: readonly PassingValue[];
}

const wholeVectors = (floats: number) => (floats + 3) & ~3;

export function cutPlan(plan: Plan): CutPlan {
  const parameters = new Set(plan.parameters.flatMap(({ value, gradient }) => [value.id, gradient.id]));
  const statistics = new Map<number, number>();
  let statisticFloats = 0;
  for (const { id, shape } of batchStatistics([...plan.gradients, ...plan.evaluation], parameters)) {
    statistics.set(id, statisticFloats);
    statisticFloats += wholeVectors(sizeOf(shape));
  }
  const kept = new Set([...plan.heads.map(({ output }) => output.id), ...plan.measures.map(({ id }) => id)]);
  const cutter = new Cutter(statistics);
  const [gradients, evaluation] = [plan.gradients, plan.evaluation].map((ops) => cutter.cut(fuse(ops, kept))) as [
    Phase[],
    Phase[]
  ];
  const filled = [...plan.feeds, ...plan.constants].map(({ tensor }) => tensor.id);
  const passing = passingValues(plan.tensors, [gradients, evaluation], new Set([...kept, ...filled]));
  return { gradients, evaluation, statistics, statisticFloats, partFloats: cutter.partFloats, passing };
}

class Cutter {
  partFloats = 0;
  readonly #statistics: ReadonlyMap<number, number>;

  constructor(statistics: ReadonlyMap<number, number>) {
    this.#statistics = statistics;
  }

  cut(steps: readonly Step[]): Phase[] {
    const phases: Phase[] = [{ gathered: [], segments: [{ rules: [], shards: [] }] }];
    const pending = new Map<number, Gathering>();
    const isStatistic = ({ id }: Tensor) => this.#statistics.has(id);
    for (const step of steps) {
      const { reads, writes } = tensorsOf(opOf(step));
      const isPerExample = [...reads, ...writes].some(({ perExample }) => perExample);
      const written = isPerExample ? writes.filter(isStatistic) : [];
      const needs = isPerExample
        ? reads.filter(({ id }) => !written.some((own) => own.id === id))
        : [...reads, ...writes];
      if (needs.some(({ id }) => pending.has(id))) {
        phases.push({ gathered: [...pending.values()], segments: [{ rules: [], shards: [] }] });
        pending.clear();
      }
      const { segments } = phases.at(-1)!;
      if (!isPerExample && writes.every(isStatistic)) addRule(segments, step);
      else if (isPerExample) segments.at(-1)!.shards.push({ ...this.#gather(step, written, pending), isOnce: false });
      else segments.at(-1)!.shards.push({ step, parts: [], isOnce: this.#isOnce(reads, writes) });
    }
    return phases;
  }

  /** The step as it writes a shard's parts: of a statistic that nobody has begun in this phase, it writes instead of adding. */
  #gather(step: Step, written: readonly Tensor[], pending: Map<number, Gathering>): Pick<ShardStep, 'step' | 'parts'> {
    if (written.length === 0) return { step, parts: [] };
    const op = opOf(step);
    const adds = 'add' in op && op.add;
    const isNew = written.every(({ id }) => !pending.has(id));
    for (const tensor of written) {
      if (pending.has(tensor.id)) continue;
      const kind = op.op === 'reduce' ? op.kind : 'sum';
      pending.set(tensor.id, { tensor, kind, at: this.partFloats, onto: adds });
      this.partFloats += wholeVectors(sizeOf(tensor.shape));
    }
    const parts = written.map(({ id }) => pending.get(id)!);
    return { step: adds && isNew && step.op !== 'withRelu' ? ({ ...step, add: false } as Step) : step, parts };
  }

  #isOnce(reads: readonly Tensor[], writes: readonly Tensor[]): boolean {
    if (
      writes.some(({ id }) => this.#statistics.has(id)) ||
      reads.some(({ id }) => writes.some((own) => own.id === id))
    )
      throw new LabError('internal', 'A rule over statistics mixes them with gradients.', {
        targets: writes.map(({ name }) => name)
      });
    return true;
  }
}

/** Rules go before the shards' steps where those do not use what the rule changes: shards stay longer with their rows. */
function addRule(segments: Segment[], rule: Step): void {
  const changed = tensorsOf(opOf(rule)).writes.map(({ id }) => id);
  const uses = ({ step }: ShardStep) => {
    const { reads, writes } = tensorsOf(opOf(step));
    return [...reads, ...writes].some(({ id }) => changed.includes(id));
  };
  if (segments.at(-1)!.shards.some(uses)) segments.push({ rules: [], shards: [] });
  segments.at(-1)!.rules.push(rule);
}
