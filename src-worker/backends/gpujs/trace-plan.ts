/**
 * The two pipelines of a plan, both a fixed number of steps long: one that updates the parameters, one that only judges them.
 *
 * gpu.js calls these functions once with handles for the values of a call, in the order in which engine.ts passes them.
 */
import type { FoldedFormula } from '../../formula/fold.ts';
import type { Plan } from '../../plan/plan.ts';
import { sizeOf, type Op, type Tensor } from '../../plan/program.ts';
import { record } from './kernels/record.ts';
import { update } from './kernels/update.ts';
import type { Gpu, Handle } from './library.ts';
import type { ParameterStacks } from './parameter-stacks.ts';
import { Tracer } from './tracer.ts';
import { OWN_PLANE, STEP_PLANE, type Value } from './value.ts';

/** Name of the result that holds losses and right answers of all steps; the other results are named like their parameters. */
export const RECORD = 'record';

export interface PlanToTrace {
  readonly plan: Plan;
  readonly rule: FoldedFormula;
  readonly parameters: ParameterStacks;
  readonly steps: number;
}

type Results = Record<string, Handle>;

export function traceTraining(of: PlanToTrace, gpu: Gpu, handles: readonly Handle[]): Results {
  const { plan, rule, parameters } = of;
  const [x, labels, weight, numbers, ...stacks] = handles as [Handle, Handle, Handle, Handle, ...Handle[]];
  const tracer = new Tracer(gpu, plan.batchSize);
  const uniforms: Value = { handle: numbers, plane: STEP_PLANE, rows: 1, columns: 1 + rule.uniforms.length };
  let recorded: Handle | null = null;
  for (let step = 0; step < of.steps; step++) {
    const batch = new Map([
      [plan.input, x],
      [plan.labels, labels],
      [plan.weight, weight]
    ]);
    traceStep(of, tracer, { step, batch, stacks, ops: plan.gradients });
    recorded = traceRecord(of, tracer, recorded);
    for (const [index, { parameter, rows, columns }] of parameters.stacks.entries()) {
      const handle = stacks[index]!;
      const stack = parameters.planes.map((_, plane): Value => ({ handle, plane: `[${plane}]`, rows, columns }));
      const reads = { stack, g: tracer.value(parameter.gradient), numbers: uniforms };
      stacks[index] = tracer.call(update(rule, parameters.planes, reads), parameter.name);
    }
  }
  const states = parameters.stacks.map(({ parameter }, index) => [parameter.name, stacks[index]!] as const);
  return { [RECORD]: recorded!, ...Object.fromEntries(states) };
}

export function traceEvaluation(of: PlanToTrace, gpu: Gpu, handles: readonly Handle[]): Results {
  const { plan } = of;
  const [x, labels, ...stacks] = handles as [Handle, Handle, ...Handle[]];
  const tracer = new Tracer(gpu, plan.batchSize);
  let recorded: Handle | null = null;
  for (let step = 0; step < of.steps; step++) {
    const batch = new Map([
      [plan.input, x],
      [plan.labels, labels]
    ]);
    traceStep(of, tracer, { step, batch, stacks, ops: plan.evaluation });
    recorded = traceRecord(of, tracer, recorded);
  }
  return { [RECORD]: recorded! };
}

interface Step {
  readonly step: number;
  readonly batch: ReadonlyMap<Tensor, Handle>;
  readonly stacks: readonly Handle[];
  readonly ops: readonly Op[];
}

/** Starts from the examples and parameters alone, so that nothing of the step before can be added to. */
function traceStep({ plan, parameters }: PlanToTrace, tracer: Tracer, { step, batch, stacks, ops }: Step): void {
  tracer.step = step;
  tracer.clear();
  for (const [tensor, handle] of batch)
    tracer.hold(tensor, { handle, plane: STEP_PLANE, rows: plan.batchSize, columns: sizeOf(tensor.shape) });
  for (const [index, { parameter, rows, columns }] of parameters.stacks.entries())
    tracer.hold(parameter.value, { handle: stacks[index]!, plane: '[0]', rows, columns });
  tracer.run(ops);
}

function traceRecord({ plan, steps }: PlanToTrace, tracer: Tracer, before: Handle | null): Handle {
  const [loss, correct] = [tracer.value(plan.loss), tracer.value(plan.correct)];
  const recorded: Value | null = before && { handle: before, plane: OWN_PLANE, rows: 2, columns: plan.batchSize };
  return tracer.call(record(steps, { loss, correct, before: recorded }), RECORD);
}
