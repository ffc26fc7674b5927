/** Small programs around one loss, ready to run on any backend. */
import type { Backend } from '../../src-worker/backends/backend.ts';
import { experimentSchema } from '../../src-worker/contract/experiment.ts';
import { schemaOf } from '../../src-worker/contract/fields.ts';
import { losses } from '../../src-worker/losses/table.ts';
import { targetOf, type TargetData } from '../../src-worker/losses/target.ts';
import { ProgramBuilder } from '../../src-worker/plan/builder.ts';
import { Feeds } from '../../src-worker/plan/feeds.ts';
import { PlannedHeads } from '../../src-worker/plan/heads.ts';
import type { FeedSource } from '../../src-worker/plan/plan.ts';
import type { PlannedLayer } from '../../src-worker/plan/planned-layers.ts';
import { sizeOf, type Op, type Shape, type Tensor } from '../../src-worker/plan/program.ts';

export interface LossCase {
  readonly kind: string;
  /** Without `kind`; defaults are filled in. */
  readonly settings: Record<string, unknown>;
  readonly data: TargetData;
  readonly output: Shape;
  readonly batchSize: number;
  readonly share?: number;
  /** Examples are mixed from two. */
  readonly isMixed?: boolean;
}

export interface LossResults {
  /** share · Σ loss / Σ mass over the real examples: what training descends. */
  readonly loss: number;
  readonly dz: ArrayLike<number>;
  /** Sums over the real examples of what the loss counts; null where it does not. */
  readonly correct: number | null;
  readonly judged: number | null;
}

export interface LossProgram {
  /** `give` fills what comes from outside, `size` values an example; `real` examples of the batch count. */
  run(
    backend: Backend,
    z: ArrayLike<number>,
    give: (source: FeedSource, size: number) => ArrayLike<number>,
    real?: number
  ): Promise<LossResults>;
}

/** null where the loss refuses such an output. */
export function lossProgram({
  kind,
  settings,
  data,
  output,
  batchSize,
  share = 1,
  isMixed
}: LossCase): LossProgram | null {
  const loss = schemaOf(kind, losses[kind]!.config).parse({ kind, ...settings });
  const target = targetOf(null, data);
  if ('why' in target || losses[kind]!.refuses(output, target, loss as never)) return null;
  const builder = new ProgramBuilder();
  const feeds = new Feeds(builder, { shape: output, classes: data.classes });
  const weight = feeds.tensor({ kind: 'weight' });
  const [z, dz] = ['z', 'dz'].map((name) => builder.tensor(name, output, { perExample: true })) as [Tensor, Tensor];
  const experiment = experimentSchema.parse({
    version: 1,
    name: 'loss',
    data: { dataset: 'given', augment: isMixed ? [{ kind: 'mixup' }] : [] },
    network: { nodes: [{ id: 'out', kind: 'input' }], edges: [] },
    training: { heads: { out: { loss, share } } }
  });
  const end = { layer: { id: 'out', from: [] }, y: z, dy: dz } as unknown as PlannedLayer;
  const heads = new PlannedHeads({ builder, feeds, weight, experiment, data }, new Map([['out', end]]));
  const ops: Op[] = [];
  heads.record(builder.record(ops), 'training');
  const { measures } = heads.heads[0]!;
  return {
    async run(backend, values, give, real = batchSize) {
      const inputs = new Map<Tensor, ArrayLike<number>>([[z, values]]);
      for (const { tensor, source } of feeds.all)
        inputs.set(tensor, source.kind === 'weight' ? weights(batchSize, real) : give(source, sizeOf(tensor.shape)));
      for (const constant of heads.constants) inputs.set(constant.tensor, constant.values);
      const results = await backend.run({ batchSize, tensors: builder.tensors, ops }, inputs);
      const sum = (measure: number | null) =>
        measure === null ? null : sumOf(results.get(heads.measures[measure]!)!, real);
      return {
        loss: (share * sum(measures.loss)!) / (sum(measures.mass) ?? real),
        dz: results.get(dz)!,
        correct: sum(measures.correct),
        judged: sum(measures.judged)
      };
    }
  };
}

const weights = (batchSize: number, real: number) =>
  Float64Array.from({ length: batchSize }, (_, b) => (b < real ? 1 / real : 0));

const sumOf = (values: ArrayLike<number>, count: number): number =>
  Array.from({ length: count }, (_, b) => values[b]!).reduce((a, b) => a + b, 0);
