import { evaluateUniform, foldFormula, type FoldedFormula } from '../../formula/fold.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Batches, Engine, ExampleTable, StepSums } from '../backend.ts';
import type { Adapter } from './adapters.ts';
import { BatchBuffers } from './batch-buffers.ts';
import type { CheckedGpu, Results } from './checked-pipeline.ts';
import type { Input, Planes } from './library.ts';
import { ParameterStacks } from './parameter-stacks.ts';
import { stepsPerCall } from './steps-per-call.ts';
import { RECORD, traceEvaluation, traceTraining } from './trace-plan.ts';

/**
 * Trains by calls of a pipeline of `maxSteps` steps.
 *
 * Parameters and states go up with every call and come back from it; what changes from step to step goes up as numbers. A call with
 * fewer steps leaves everything as it is in the rest of them, and so takes as long as a full one.
 */
export class GpuEngine implements Engine {
  readonly backend;
  readonly detail: string;
  readonly threads = 1;
  readonly maxSteps: number;
  readonly constantCost = true;
  readonly #gpu: CheckedGpu;
  readonly #plan: Plan;
  readonly #rule: FoldedFormula;
  readonly #parameters: ParameterStacks;
  readonly #batches: BatchBuffers;
  /** Shape (K, 1 + uniforms): see kernels/update.ts. */
  readonly #numbers: Float32Array;
  readonly #training: (values: Input[]) => Promise<Results>;
  readonly #evaluation: (values: Input[]) => Promise<Results>;

  constructor(gpu: CheckedGpu, { plan, table, adapter }: { plan: Plan; table: ExampleTable; adapter: Adapter }) {
    this.#gpu = gpu;
    this.#plan = plan;
    this.backend = gpu.backend;
    this.detail = adapter.name;
    this.maxSteps = stepsPerCall(plan, { backend: gpu.backend, isSoftware: adapter.isSoftware });
    this.#parameters = new ParameterStacks(plan);
    const arenas = [...this.#parameters.planes, 'g'];
    this.#rule = foldFormula(plan.update.formula, (name) => arenas.includes(name));
    this.#numbers = new Float32Array(this.maxSteps * this.#numbersPerStep);
    this.#batches = new BatchBuffers(plan, this.maxSteps, table);
    const of = { plan, rule: this.#rule, parameters: this.#parameters, steps: this.maxSteps };
    const count = plan.parameters.length;
    this.#training = gpu.pipeline(4 + count, (traced, handles) => traceTraining(of, traced, handles));
    this.#evaluation = gpu.pipeline(2 + count, (traced, handles) => traceEvaluation(of, traced, handles));
  }

  async train(batches: Batches, sums: StepSums): Promise<void> {
    for (let from = 0; from < batches.steps; from += this.maxSteps) {
      const steps = Math.min(this.maxSteps, batches.steps - from);
      for (let step = 0; step < steps; step++) this.#fillStep(step, batches, from + step);
      for (let step = steps; step < this.maxSteps; step++) this.#numbers[step * this.#numbersPerStep] = 0;
      const results = await this.#training(this.#trainingInputs());
      this.#parameters.accept(results);
      for (let step = 0; step < steps; step++) {
        const { loss, correct } = sumStep(results, step, batches.counts[from + step]!);
        sums.loss[from + step] = loss;
        sums.correct[from + step] = correct;
      }
    }
  }

  async evaluate(rows: Int32Array): Promise<{ loss: number; correct: number }> {
    const { batchSize } = this.#plan;
    const total = { loss: 0, correct: 0 };
    for (let from = 0; from < rows.length; from += batchSize * this.maxSteps) {
      const counts: number[] = [];
      for (let at = from; at < rows.length && counts.length < this.maxSteps; at += batchSize) {
        const batch = rows.subarray(at, at + batchSize);
        this.#batches.fill(counts.length, batch, batch.length);
        counts.push(batch.length);
      }
      const results = await this.#evaluation(this.#evaluationInputs());
      for (const [step, count] of counts.entries()) {
        const { loss, correct } = sumStep(results, step, count);
        total.loss += loss;
        total.correct += correct;
      }
    }
    return total;
  }

  async read(arena: string): Promise<Float32Array> {
    return this.#parameters.read(arena);
  }

  async write(arena: string, values: Float32Array): Promise<void> {
    this.#parameters.write(arena, values);
  }

  async close(): Promise<void> {
    await this.#gpu.close();
  }

  get #numbersPerStep(): number {
    return 1 + this.#rule.uniforms.length;
  }

  /** Examples and numbers of one step of a call. The uniforms of the update are computed here, in float64. */
  #fillStep(step: number, { rows, counts, firstStep, learningRates }: Batches, from: number): void {
    const { batchSize, update } = this.#plan;
    this.#batches.fill(step, rows.subarray(from * batchSize, (from + 1) * batchSize), counts[from]!);
    const known = { ...update.constants, t: firstStep + from, learningRate: learningRates[from]! };
    const numbers = [1, ...this.#rule.uniforms.map((part) => evaluateUniform(part, known))];
    this.#numbers.set(numbers, step * this.#numbersPerStep);
  }

  #trainingInputs(): Input[] {
    const { x, labels, weight } = this.#batches;
    const { stacks, planes } = this.#parameters;
    return [
      this.#perStep(x),
      this.#perStep(labels),
      this.#perStep(weight),
      this.#gpu.input(this.#numbers, [this.#numbersPerStep, 1, this.maxSteps]),
      ...stacks.map(({ values, columns, rows }) => this.#gpu.input(values, [columns, rows, planes.length]))
    ];
  }

  /** Of the stacks only the parameters themselves. */
  #evaluationInputs(): Input[] {
    const { x, labels } = this.#batches;
    const values = this.#parameters.stacks.map(({ parameter, values: stack, columns, rows }) =>
      this.#gpu.input(stack.subarray(0, parameter.size), [columns, rows, 1])
    );
    return [this.#perStep(x), this.#perStep(labels), ...values];
  }

  /** As planes, one a step, of batchSize rows. */
  #perStep(values: Float32Array): Input {
    const { batchSize } = this.#plan;
    return this.#gpu.input(values, [values.length / (batchSize * this.maxSteps), batchSize, this.maxSteps]);
  }
}

/** Sums over the real examples of a step, in float64, in the order of the rows. */
function sumStep(results: Results, step: number, count: number): { loss: number; correct: number } {
  const [losses, corrects] = (results[RECORD] as Planes)[step]!;
  const sum = (values: Float32Array) => values.subarray(0, count).reduce((total, value) => total + value, 0);
  return { loss: sum(losses!), correct: sum(corrects!) };
}
