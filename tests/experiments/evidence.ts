/** What the claims of an experiment may look at: every run with all its events, the means over the seeds, and the first steps. */
import type { RunRecord } from '../../src-worker/contract/lab-api.ts';
import type { InspectResult } from '../../src-worker/contract/inspect.ts';
import type { RunResult, VariantResult } from '../../src-main/lab/comparison.ts';
import { throughDepth, type Depth } from '../../src-main/lab/depth.ts';

export interface TrainedRun {
  readonly result: RunResult;
  readonly record: RunRecord;
}

export class Evidence {
  readonly runs: readonly TrainedRun[];
  readonly variants: readonly VariantResult[];
  readonly inspections: readonly (InspectResult & { readonly variant: string })[];

  constructor({ runs, variants, inspections }: Pick<Evidence, 'runs' | 'variants' | 'inspections'>) {
    this.runs = runs;
    this.variants = variants;
    this.inspections = inspections;
  }

  of(variant: string): VariantResult {
    return found(
      this.variants.find((one) => one.variant === variant),
      variant
    );
  }

  runsOf(variant: string): TrainedRun[] {
    return this.runs.filter(({ result }) => result.variant === variant);
  }

  depth(variant: string): Depth {
    const inspection = found(
      this.inspections.find((one) => one.variant === variant),
      variant
    );
    return found(throughDepth(inspection), variant);
  }
}

function found<T>(value: T | null | undefined, variant: string): T {
  if (value === null || value === undefined) throw new Error(`There is no result of the variant “${variant}”.`);
  return value;
}

/** The loss of every step of a run. */
export const stepLosses = ({ record }: TrainedRun): number[] =>
  record.events.flatMap((event) => (event.type === 'steps' ? event.loss.map((loss) => loss ?? NaN) : []));

export function weightsOf({ events }: RunRecord) {
  const end = events.find((event) => event.type === 'end');
  return end?.final?.weights ?? [];
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
