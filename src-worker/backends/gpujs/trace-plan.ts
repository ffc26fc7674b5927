/**
 * The pipelines of a plan, all a fixed number of steps long: one that updates the parameters, one that only judges them, and one that
 * hands out what the network answers besides.
 *
 * gpu.js calls these functions once with handles for the values of a call, in the order in which engine.ts passes them.
 */
import type { Plan } from '../../plan/plan.ts';
import { tensorsOf, type Tensor } from '../../plan/program.ts';
import type { FeedBuffer } from './feed-buffers.ts';
import { MOST_MEASURES, record } from './kernels/record.ts';
import { update, withParameter } from './kernels/update.ts';
import type { Gpu, Handle } from './library.ts';
import type { ParameterStacks } from './parameter-stacks.ts';
import { Tracer } from './tracer.ts';
import type { UpdateNumbers } from './update-numbers.ts';
import { OWN_PLANE, STEP_PLANE, type Value } from './value.ts';

export interface PlanToTrace {
  readonly plan: Plan;
  readonly numbers: UpdateNumbers;
  readonly parameters: ParameterStacks;
  readonly steps: number;
}

export type TracedResults = Record<string, Handle>;

/** The results are named so; the others are named like their parameters. */
export const recordName = (index: number): string => `record ${index}`;
export const outputName = (step: number, head: number): string => `output ${step} ${head}`;

/** Measures by record: as many rows as each has. */
export function recordsOf({ measures }: Plan): Tensor[][] {
  const records: Tensor[][] = [];
  for (let at = 0; at < measures.length; at += MOST_MEASURES) records.push(measures.slice(at, at + MOST_MEASURES));
  return records;
}

/** Handles: the feeds, the constants, the numbers of the steps, the stacks. */
export function traceTraining(
  of: PlanToTrace,
  feeds: readonly FeedBuffer[],
  gpu: Gpu,
  handles: readonly Handle[]
): TracedResults {
  const { plan, parameters } = of;
  const given = dealOut(of, feeds, handles.toSpliced(feeds.length + plan.constants.length, 1));
  const numbers = {
    handle: handles[feeds.length + plan.constants.length]!,
    plane: STEP_PLANE,
    rows: 1,
    columns: of.numbers.width
  } as const;
  const tracer = new Tracer(gpu, plan.batchSize);
  let recorded: Handle[] = [];
  for (let step = 0; step < of.steps; step++) {
    startStep(of, tracer, given, step);
    tracer.run(plan.gradients);
    recorded = traceRecords(of, tracer, recorded);
    tracer.run(plan.afterGradients);
    updateStacks(of, tracer, given.stacks, numbers);
  }
  const states = parameters.stacks.map(({ parameter }, index) => [parameter.name, given.stacks[index]!] as const);
  return { ...named(recorded), ...Object.fromEntries(states) };
}

/** Handles: the feeds, the constants, the stacks with their first planes alone. */
export function traceEvaluation(
  of: PlanToTrace & { readonly withOutputs: boolean },
  feeds: readonly FeedBuffer[],
  gpu: Gpu,
  handles: readonly Handle[]
): TracedResults {
  const { plan } = of;
  const given = dealOut(of, feeds, handles);
  const tracer = new Tracer(gpu, plan.batchSize);
  const outputs: TracedResults = {};
  let recorded: Handle[] = [];
  for (let step = 0; step < of.steps; step++) {
    startStep(of, tracer, given, step);
    tracer.run(plan.evaluation);
    recorded = traceRecords(of, tracer, recorded);
    for (const [head, { output }] of of.withOutputs ? plan.heads.entries() : [])
      outputs[outputName(step, head)] = tracer.value(output).handle;
  }
  return { ...named(recorded), ...outputs };
}

const named = (recorded: readonly Handle[]): TracedResults =>
  Object.fromEntries(recorded.map((handle, index) => [recordName(index), handle]));

interface Given {
  readonly feeds: readonly (readonly [FeedBuffer, Handle])[];
  readonly constants: readonly (readonly [Tensor, Handle])[];
  /** One for each parameter, replaced by every update. */
  readonly stacks: Handle[];
}

function dealOut({ plan }: PlanToTrace, feeds: readonly FeedBuffer[], handles: readonly Handle[]): Given {
  const rest = [...handles];
  return {
    feeds: feeds.map((feed) => [feed, rest.shift()!]),
    constants: plan.constants.map(({ tensor }) => [tensor, rest.shift()!]),
    stacks: rest
  };
}

/** Starts from the feeds, constants and parameters alone, so that nothing of the step before can be added to. */
function startStep({ plan, parameters }: PlanToTrace, tracer: Tracer, given: Given, step: number): void {
  tracer.step = step;
  tracer.clear();
  for (const [{ tensor, columns }, handle] of given.feeds)
    tracer.hold(tensor, { handle, plane: STEP_PLANE, rows: plan.batchSize, columns });
  for (const [tensor, handle] of given.constants) tracer.set(tensor, handle);
  for (const [index, { parameter, rows, columns }] of parameters.stacks.entries())
    tracer.hold(parameter.value, { handle: given.stacks[index]!, plane: '[0]', rows, columns });
}

/** Updates every parameter by its rule, then by the operations behind the update. */
function updateStacks({ plan, numbers, parameters }: PlanToTrace, tracer: Tracer, stacks: Handle[], row: Value): void {
  const { planes } = parameters;
  for (const [index, { parameter, rows, columns }] of parameters.stacks.entries()) {
    const handle = stacks[index]!;
    const stack = planes.map((_, plane): Value => ({ handle, plane: `[${plane}]`, rows, columns }));
    const reads = { stack, gradient: tracer.value(parameter.gradient), numbers: row };
    stacks[index] = tracer.call(update(numbers.ruleOf(parameter), planes, reads), parameter.name);
    tracer.hold(parameter.value, { handle: stacks[index], plane: '[0]', rows, columns });
  }
  tracer.run(plan.afterUpdate);
  const changed = new Set(plan.afterUpdate.flatMap((op) => tensorsOf(op).writes.map(({ id }) => id)));
  for (const [index, { parameter, rows, columns }] of parameters.stacks.entries()) {
    if (!changed.has(parameter.value.id)) continue;
    const stack: Value = { handle: stacks[index]!, plane: OWN_PLANE, rows, columns };
    const reads = { stack, value: tracer.value(parameter.value), numbers: row };
    stacks[index] = tracer.call(withParameter(planes.length, reads), parameter.name);
  }
}

function traceRecords({ plan, steps }: PlanToTrace, tracer: Tracer, before: readonly Handle[]): Handle[] {
  return recordsOf(plan).map((measures, index) => {
    const handle = before[index];
    const recorded: Value | null = handle
      ? { handle, plane: OWN_PLANE, rows: measures.length, columns: plan.batchSize }
      : null;
    const values = measures.map((measure) => tracer.value(measure));
    return tracer.call(record(steps, { measures: values, before: recorded }), recordName(index));
  });
}
