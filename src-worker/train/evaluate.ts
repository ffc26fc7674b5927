/** Measures a network over some examples, with the weights as they are: loss and accuracy, every metric, and who was taken for whom. */
import type { Engine, ExampleTable } from '../backends/backend.ts';
import type { DatasetInfo } from '../contract/dataset.ts';
import type { Experiment } from '../contract/experiment.ts';
import type { Kinded } from '../contract/fields.ts';
import type { HeadReport, Metrics } from '../contract/run.ts';
import type { NormalizationFit } from '../data/normalize.ts';
import { quantitiesOf } from '../data/normalize-targets.ts';
import { Judge } from '../metrics/judge.ts';
import { metricName } from '../metrics/names.ts';
import { measuredNames, type JudgedOutput } from '../metrics/requests.ts';
import type { Head, Plan } from '../plan/plan.ts';
import { sizeOf } from '../plan/program.ts';
import { metricsOf } from './measures.ts';

const SLICE_ROWS = 2048;

export interface EvaluateOptions {
  readonly experiment: Experiment;
  readonly plan: Plan;
  readonly engine: Engine;
  readonly table: ExampleTable;
  readonly info: Pick<DatasetInfo, 'classes' | 'values'>;
  /** How the quantities of the dataset became the values of the table: metrics are measured in their units. */
  readonly targets: NormalizationFit;
  readonly controls: { readonly wanted: 'run' | 'pause' | 'stop' };
  /** Lets waiting messages in. */
  readonly host: { yieldTask(): Promise<void> };
}

export interface Evaluated {
  readonly metrics: Metrics;
  readonly reports: readonly Omit<HeadReport, 'on'>[];
}

/**
 * null where there are no rows. It goes by slices of a fixed size, so that a stop gets through and the sums are always added in the same
 * order.
 */
export async function evaluate(options: EvaluateOptions, rows: Int32Array): Promise<Evaluated | null | 'stopped'> {
  const { plan, engine, controls, host } = options;
  if (rows.length === 0) return null;
  const judges = plan.heads.map((head) => new HeadJudge(head, options));
  const slice = plan.batchSize * Math.ceil(SLICE_ROWS / plan.batchSize);
  const total = new Float64Array(plan.measures.length);
  for (let from = 0; from < rows.length; from += slice) {
    let at = from;
    const sums = await engine.evaluate(rows.subarray(from, from + slice), (outputs, count) => {
      for (const [h, judge] of judges.entries()) judge.add(outputs[h]!, rows.subarray(at, at + count));
      at += count;
    });
    for (const [measure, sum] of sums.entries()) total[measure]! += sum;
    await host.yieldTask();
    if (controls.wanted === 'stop') return 'stopped';
  }
  const measured = metricsOf(plan, total, rows.length);
  const more = judges.flatMap((judge) => judge.metrics()).filter(([name]) => !(name in measured));
  return {
    metrics: { ...measured, ...Object.fromEntries(more) },
    reports: judges.flatMap((judge) => judge.report() ?? [])
  };
}

/** Names of what `evaluate` gives, the loss first. */
export const namesMeasured = ({ plan, experiment }: Pick<EvaluateOptions, 'plan' | 'experiment'>): string[] =>
  measuredNames(plan.heads.map(outputOf), experiment.training.metrics as Kinded[]);

const outputOf = ({ node, target, yes, output }: Head): JudgedOutput => ({
  node,
  subject: { target, yes, width: sizeOf(output.shape) }
});

/** One output: fetches what is right for each row, and names what its judge finds. */
class HeadJudge {
  readonly #head: Head;
  readonly #options: EvaluateOptions;
  readonly #judge: Judge;

  constructor(head: Head, options: EvaluateOptions) {
    this.#head = head;
    this.#options = options;
    this.#judge = new Judge(outputOf(head).subject, options.experiment.training.metrics as Kinded[]);
  }

  add(outputs: Float32Array, rows: Int32Array): void {
    const { table, plan, targets } = this.#options;
    const { target } = this.#head;
    const labels = Uint8Array.from(rows, (row) => table.labels[row]!);
    const batch = { count: rows.length, labels };
    if (target.kind === 'class') return this.#judge.add({ ...batch, outputs, values: [] });
    const { columns } = target;
    const learned = Array.from(rows, (row) => columns.map((column) => table.values[row * plan.valueColumns + column]!));
    const [given, values] = [outputs, learned.flat()].map((all) => quantitiesOf(targets, columns, all));
    this.#judge.add({ ...batch, outputs: given!, values: values! });
  }

  metrics(): [string, number | null][] {
    const node = this.#options.plan.heads.length > 1 ? this.#head.node : null;
    return this.#judge.metrics().map(([name, value]) => [metricName(node, name), value]);
  }

  report(): Omit<HeadReport, 'on'> | null {
    const { classes, values } = this.#options.info;
    const { target, node } = this.#head;
    const names = target.kind === 'class' ? classes : target.columns.map((column) => values[column]!.name);
    const found = this.#judge.report(names);
    return found && { node, ...found };
  }
}
