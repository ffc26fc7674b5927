import { evaluateUniform, foldFormula, type FoldedFormula } from '../../formula/fold.ts';
import { sizeOf, type Op } from '../../plan/program.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Batches, Engine, ExampleTable, StepSums } from '../backend.ts';
import { BatchBuffers } from './batch-buffers.ts';
import type { CheckedGpu, Results } from './checked-pipeline.ts';
import { record } from './kernels/record.ts';
import { update } from './kernels/update.ts';
import type { Gpu, Handle, Input, Planes } from './library.ts';
import { ParameterStacks } from './parameter-stacks.ts';
import { stepsPerCall } from './steps-per-call.ts';
import { Tracer } from './tracer.ts';
import { OWN_PLANE, STEP_PLANE, type Value } from './value.ts';

const RECORD = 'record';

/**
 * Trains with two pipelines of a fixed number of steps, one that updates and one that only judges.
 *
 * Parameters and states go up with every call and come back from it; what changes from step to step goes up as numbers. A call with
 * fewer steps than the pipeline has leaves everything as it is in the rest of them.
 */
export class GpuEngine implements Engine {
  readonly backend;
  readonly detail: string;
  readonly threads = 1;
  readonly maxSteps: number;
  readonly #gpu: CheckedGpu;
  readonly #plan: Plan;
  readonly #rule: FoldedFormula;
  readonly #stacks: ParameterStacks;
  readonly #batches: BatchBuffers;
  /** Shape (K, 1 + uniforms): see kernels/update.ts. */
  readonly #numbers: Float32Array;
  readonly #training: (values: Input[]) => Promise<Results>;
  readonly #evaluation: (values: Input[]) => Promise<Results>;

  constructor(gpu: CheckedGpu, { plan, table, detail }: { plan: Plan; table: ExampleTable; detail: string }) {
    this.#gpu = gpu;
    this.#plan = plan;
    this.backend = gpu.backend;
    this.detail = detail;
    this.maxSteps = stepsPerCall(plan, gpu.backend);
    this.#stacks = new ParameterStacks(plan);
    const arenas = [...this.#stacks.planes, 'g'];
    this.#rule = foldFormula(plan.update.formula, (name) => arenas.includes(name));
    this.#numbers = new Float32Array(this.maxSteps * (1 + this.#rule.uniforms.length));
    this.#batches = new BatchBuffers(plan, this.maxSteps, table);
    const parameters = plan.parameters.length;
    this.#training = gpu.pipeline(4 + parameters, (traced, [x, labels, weight, numbers, ...stacks]) =>
      this.#traceTraining(traced, { x: x!, labels: labels!, weight: weight! }, numbers!, stacks)
    );
    this.#evaluation = gpu.pipeline(2 + parameters, (traced, [x, labels, ...stacks]) =>
      this.#traceEvaluation(traced, { x: x!, labels: labels! }, stacks)
    );
  }

  async train(batches: Batches, sums: StepSums): Promise<void> {
    for (let from = 0; from < batches.steps; from += this.maxSteps) {
      const steps = Math.min(this.maxSteps, batches.steps - from);
      for (let step = 0; step < steps; step++) this.#fillStep(step, batches, from + step);
      for (let step = steps; step < this.maxSteps; step++) this.#numbers[step * (1 + this.#rule.uniforms.length)] = 0;
      const { x, labels, weight } = this.#batches;
      const results = await this.#training([
        this.#perStep(x),
        this.#perStep(labels),
        this.#perStep(weight),
        this.#gpu.input(this.#numbers, [1 + this.#rule.uniforms.length, 1, this.maxSteps]),
        ...this.#stacks.stacks.map(({ values, columns, rows }) => this.#gpu.input(values, [columns, rows, this.#stacks.planes.length]))
      ]);
      this.#stacks.accept(results);
      for (let step = 0; step < steps; step++) {
        const sum = sumStep(results, step, batches.counts[from + step]!);
        sums.loss[from + step] = sum.loss;
        sums.correct[from + step] = sum.correct;
      }
    }
  }

  async evaluate(rows: Int32Array): Promise<{ loss: number; correct: number }> {
    const { batchSize } = this.#plan;
    const total = { loss: 0, correct: 0 };
    for (let from = 0; from < rows.length; from += batchSize * this.maxSteps) {
      const counts: number[] = [];
      for (let at = from; at < rows.length && counts.length < this.maxSteps; at += batchSize) {
        const batch = rows.subarray(at, Math.min(at + batchSize, rows.length));
        this.#batches.fill(counts.length, batch, batch.length);
        counts.push(batch.length);
      }
      const { x, labels } = this.#batches;
      const stacks = this.#stacks.stacks.map(({ parameter, values, columns, rows: height }) =>
        this.#gpu.input(values.subarray(0, parameter.size), [columns, height, 1])
      );
      const results = await this.#evaluation([this.#perStep(x), this.#perStep(labels), ...stacks]);
      for (const [step, count] of counts.entries()) {
        const sum = sumStep(results, step, count);
        total.loss += sum.loss;
        total.correct += sum.correct;
      }
    }
    return total;
  }

  async read(arena: string): Promise<Float32Array> {
    return this.#stacks.read(arena);
  }

  async write(arena: string, values: Float32Array): Promise<void> {
    this.#stacks.write(arena, values);
  }

  async close(): Promise<void> {
    await this.#gpu.close();
  }

  /** Examples and numbers of one step of a call. The uniforms of the update are computed here, in float64. */
  #fillStep(step: number, { rows, counts, firstStep, learningRates }: Batches, from: number): void {
    const { batchSize, update: rule } = this.#plan;
    this.#batches.fill(step, rows.subarray(from * batchSize, (from + 1) * batchSize), counts[from]!);
    const known = { ...rule.constants, t: firstStep + from, learningRate: learningRates[from]! };
    const numbers = [1, ...this.#rule.uniforms.map((part) => evaluateUniform(part, known))];
    this.#numbers.set(numbers, step * numbers.length);
  }

  /** As planes, one a step, of batchSize rows. */
  #perStep(values: Float32Array): Input {
    const { batchSize } = this.#plan;
    return this.#gpu.input(values, [values.length / (batchSize * this.maxSteps), batchSize, this.maxSteps]);
  }

  #traceTraining(gpu: Gpu, batch: Record<'x' | 'labels' | 'weight', Handle>, numbers: Handle, stacks: readonly Handle[]): Record<string, Handle> {
    const tracer = new Tracer(gpu, this.#plan.batchSize);
    const current = [...stacks];
    const uniforms: Value = { handle: numbers, plane: STEP_PLANE, rows: 1, columns: 1 + this.#rule.uniforms.length };
    let recorded: Handle | null = null;
    for (let step = 0; step < this.maxSteps; step++) {
      this.#traceStep(tracer, step, batch, current, this.#plan.gradients);
      recorded = this.#record(tracer, recorded);
      for (const [index, { parameter, rows, columns }] of this.#stacks.stacks.entries()) {
        const stack = this.#stacks.planes.map((_, plane): Value => ({ handle: current[index]!, plane: `[${plane}]`, rows, columns }));
        const g = tracer.values.get(parameter.gradient)!;
        current[index] = tracer.call(update(this.#rule, this.#stacks.planes, { stack, g, numbers: uniforms }), parameter.name);
      }
    }
    const states = this.#stacks.stacks.map(({ parameter }, index) => [parameter.name, current[index]!]);
    return { [RECORD]: recorded!, ...(Object.fromEntries(states) as Record<string, Handle>) };
  }

  #traceEvaluation(gpu: Gpu, batch: Record<'x' | 'labels', Handle>, stacks: readonly Handle[]): Record<string, Handle> {
    const tracer = new Tracer(gpu, this.#plan.batchSize);
    let recorded: Handle | null = null;
    for (let step = 0; step < this.maxSteps; step++) {
      this.#traceStep(tracer, step, batch, stacks, this.#plan.evaluation);
      recorded = this.#record(tracer, recorded);
    }
    return { [RECORD]: recorded! };
  }

  /** Starts a step from the examples and parameters alone, so that nothing of the step before can be added to. */
  #traceStep(tracer: Tracer, step: number, batch: Record<string, Handle>, stacks: readonly Handle[], ops: readonly Op[]): void {
    const { input, labels, weight, batchSize } = this.#plan;
    tracer.step = step;
    tracer.values.clear();
    const tensors = { x: input, labels, weight };
    for (const [name, handle] of Object.entries(batch)) {
      const tensor = tensors[name as keyof typeof tensors];
      tracer.values.set(tensor, { handle, plane: STEP_PLANE, rows: batchSize, columns: sizeOf(tensor.shape) });
    }
    for (const [index, { parameter, rows, columns }] of this.#stacks.stacks.entries())
      tracer.values.set(parameter.value, { handle: stacks[index]!, plane: '[0]', rows, columns });
    tracer.run(ops);
  }

  #record(tracer: Tracer, before: Handle | null): Handle {
    const { loss, correct, batchSize } = this.#plan;
    const read = { loss: tracer.values.get(loss)!, correct: tracer.values.get(correct)! };
    const recorded: Value | null = before && { handle: before, plane: OWN_PLANE, rows: 2, columns: batchSize };
    return tracer.call(record(this.maxSteps, { ...read, before: recorded }), RECORD);
  }
}

/** Sums over the real examples of a step, in float64, in the order of the rows. */
function sumStep(results: Results, step: number, count: number): { loss: number; correct: number } {
  const [losses, corrects] = (results[RECORD] as Planes)[step]!;
  const sum = (values: Float32Array) => values.subarray(0, count).reduce((total, value) => total + value, 0);
  return { loss: sum(losses!), correct: sum(corrects!) };
}
