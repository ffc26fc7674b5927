import type { Plan } from '../../plan/plan.ts';
import { sizeOf } from '../../plan/program.ts';
import type { Batches, Engine, ExampleTable, Visit } from '../backend.ts';
import { isFinite, sumOf } from '../sums.ts';
import type { Adapter } from './adapters.ts';
import type { CheckedGpu, Results } from './checked-pipeline.ts';
import { FeedBuffers, type FeedBuffer } from './feed-buffers.ts';
import type { Gpu, Handle, Input, Planes, Rows } from './library.ts';
import { ParameterStacks } from './parameter-stacks.ts';
import { stepsPerCall } from './steps-per-call.ts';
import {
  outputName,
  recordName,
  recordsOf,
  traceEvaluation,
  traceTraining,
  type PlanToTrace,
  type TracedResults
} from './trace-plan.ts';
import { UpdateNumbers } from './update-numbers.ts';
import { extentOf } from './value.ts';

/** A pipeline of so many steps. gpu.js makes it when it is first called. */
interface Call {
  readonly steps: number;
  run(values: Input[]): Promise<Results>;
}
/** The shortest first: a single step need not take as long as all that fit. */
type Calls = readonly Call[];

/**
 * Trains by calls of a pipeline of `maxSteps` steps, or of one.
 *
 * Parameters and states go up with every call and come back from it; what changes from step to step goes up as numbers. A call with
 * fewer steps leaves everything as it is in the rest of them, and so takes as long as a full one. When the GPU is lost, a call fails with
 * `backend_unavailable`, and what is here are the parameters from before it: another backend can go on from them.
 */
export class GpuEngine implements Engine {
  readonly backend;
  readonly detail: string;
  readonly threads = 1;
  readonly maxSteps: number;
  readonly constantCost = true;
  readonly #gpu: CheckedGpu;
  readonly #plan: Plan;
  readonly #parameters: ParameterStacks;
  readonly #feeds: FeedBuffers;
  /** Those that each program reads. */
  readonly #trainingFeeds: readonly FeedBuffer[];
  readonly #evaluationFeeds: readonly FeedBuffer[];
  readonly #numbers: UpdateNumbers;
  readonly #training: Calls;
  readonly #evaluation: Calls;
  /** Also answers the outputs of every step. */
  readonly #visiting: Calls;

  constructor(gpu: CheckedGpu, { plan, table, adapter }: { plan: Plan; table: ExampleTable; adapter: Adapter }) {
    this.#gpu = gpu;
    this.#plan = plan;
    this.backend = gpu.backend;
    this.detail = adapter.name;
    this.maxSteps = stepsPerCall(plan, { backend: gpu.backend, isSoftware: adapter.isSoftware });
    const parameters = new ParameterStacks(plan);
    this.#parameters = parameters;
    const numbers = new UpdateNumbers(plan, this.maxSteps);
    this.#numbers = numbers;
    this.#feeds = new FeedBuffers(plan, this.maxSteps, table);
    const [training, evaluation] = [this.#feeds.of(plan.gradients), this.#feeds.of(plan.evaluation)];
    [this.#trainingFeeds, this.#evaluationFeeds] = [training, evaluation];
    const inputs = plan.constants.length + plan.parameters.length;
    const lengths = [...new Set([1, this.maxSteps])];
    const calls = (count: number, trace: (of: PlanToTrace, traced: Gpu, handles: readonly Handle[]) => TracedResults) =>
      lengths.map((steps) => {
        const of = { plan, numbers, parameters, steps };
        return { steps, run: gpu.pipeline(count, (traced, handles) => trace(of, traced, handles)) };
      });
    this.#training = calls(training.length + inputs + 1, (of, traced, handles) =>
      traceTraining(of, training, traced, handles)
    );
    const judging = (withOutputs: boolean) =>
      calls(evaluation.length + inputs, (of, traced, handles) =>
        traceEvaluation({ ...of, withOutputs }, evaluation, traced, handles)
      );
    this.#evaluation = judging(false);
    this.#visiting = judging(true);
  }

  async train(batches: Batches, sums: readonly Float64Array[]): Promise<number> {
    const before = batches.steps > this.maxSteps ? this.#parameters.copy() : null;
    try {
      for (let from = 0; from < batches.steps; from += this.maxSteps) {
        const steps = Math.min(this.maxSteps, batches.steps - from);
        const done = await this.#trainCall(batches, { from, steps }, sums);
        if (done < steps) return from + done;
      }
      return batches.steps;
    } catch (error) {
      if (before) this.#parameters.restore(before);
      throw error;
    }
  }

  async evaluate(rows: Int32Array, visit?: Visit): Promise<Float64Array> {
    const { batchSize, measures, heads } = this.#plan;
    const total = new Float64Array(measures.length);
    for (let from = 0; from < rows.length; from += batchSize * this.maxSteps) {
      const counts: number[] = [];
      for (let at = from; at < rows.length && counts.length < this.maxSteps; at += batchSize) {
        const count = Math.min(batchSize, rows.length - at);
        const step = { rows, at, count, step: 0, mode: 'evaluation' } as const;
        this.#feeds.fill(this.#evaluationFeeds, counts.length, step);
        counts.push(count);
      }
      const call = fitting(visit ? this.#visiting : this.#evaluation, counts.length);
      const results = await call.run(this.#evaluationInputs(call.steps));
      for (const [step, count] of counts.entries()) {
        this.#sumStep(results, step, count, (measure, sum) => (total[measure]! += sum));
        visit?.(
          heads.map(({ output }, head) =>
            firstRows(results[outputName(step, head)] as Rows, count, sizeOf(output.shape))
          ),
          count
        );
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

  /** One call of the pipeline. Where it fails, the parameters are those from before it. */
  async #trainCall(
    batches: Batches,
    { from, steps }: { from: number; steps: number },
    sums: readonly Float64Array[]
  ): Promise<number> {
    for (let step = 0; step < steps; step++) this.#fillStep(step, batches, from + step);
    this.#numbers.stopAt(steps);
    const results = await this.#callTraining(steps);
    for (let step = 0; step < steps; step++) {
      this.#sumStep(results, step, batches.counts[from + step]!, (measure, sum) => {
        sums[measure]![from + step] = sum;
      });
      if (isFinite(this.#plan, sums, from + step)) continue;
      await this.#repeat(step);
      return step;
    }
    this.#parameters.accept(results);
    return steps;
  }

  /** The same call once more, with its first steps alone: the parameters are still those from before it. */
  async #repeat(steps: number): Promise<void> {
    if (steps === 0) return;
    this.#numbers.stopAt(steps);
    this.#parameters.accept(await this.#callTraining(steps));
  }

  #fillStep(place: number, { rows, counts, firstStep, numbers }: Batches, from: number): void {
    const step = firstStep + from;
    const at = from * this.#plan.batchSize;
    this.#feeds.fill(this.#trainingFeeds, place, { rows, at, count: counts[from]!, step, mode: 'training' });
    const known = Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name, values[from]!]));
    this.#numbers.fill(place, { ...known, t: step });
  }

  #sumStep(results: Results, step: number, count: number, add: (measure: number, sum: number) => void): void {
    let measure = 0;
    for (const [index, { length }] of recordsOf(this.#plan).entries()) {
      const rows = (results[recordName(index)] as Planes)[step]!;
      for (let row = 0; row < length; row++) add(measure++, sumOf(rows[row]!, count));
    }
  }

  #callTraining(steps: number): Promise<Results> {
    const call = fitting(this.#training, steps);
    return call.run(this.#trainingInputs(call.steps));
  }

  #trainingInputs(steps: number): Input[] {
    const { width, values } = this.#numbers;
    return [
      ...this.#feedInputs(this.#trainingFeeds, steps),
      ...this.#constantInputs(),
      this.#gpu.input(values.subarray(0, steps * width), [width, 1, steps]),
      ...this.#parameters.stacks.map(({ values: stack, columns, rows }) =>
        this.#gpu.input(stack, [columns, rows, this.#parameters.planes.length])
      )
    ];
  }

  /** Of the stacks only the parameters themselves. */
  #evaluationInputs(steps: number): Input[] {
    const values = this.#parameters.stacks.map(({ parameter, values: stack, columns, rows }) =>
      this.#gpu.input(stack.subarray(0, parameter.size), [columns, rows, 1])
    );
    return [...this.#feedInputs(this.#evaluationFeeds, steps), ...this.#constantInputs(), ...values];
  }

  /** As planes, one a step, of batchSize rows. */
  #feedInputs(feeds: readonly FeedBuffer[], steps: number): Input[] {
    const { batchSize } = this.#plan;
    return feeds.map(({ values, columns }) =>
      this.#gpu.input(values.subarray(0, steps * batchSize * columns), [columns, batchSize, steps])
    );
  }

  #constantInputs(): Input[] {
    return this.#plan.constants.map(({ tensor, values }) => {
      const { rows, columns } = extentOf(tensor, this.#plan.batchSize);
      return this.#gpu.input(Float32Array.from(values), [columns, rows]);
    });
  }
}

const fitting = (calls: Calls, steps: number): Call => calls.find((call) => call.steps >= steps)!;

function firstRows(rows: Rows, count: number, columns: number): Float32Array {
  const values = new Float32Array(count * columns);
  for (let row = 0; row < count; row++) values.set(rows[row]!, row * columns);
  return values;
}
