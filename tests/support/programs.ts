/** Small programs around one layer or one loss, ready to run on any backend. */
import type { Backend } from '../../src-worker/backends/backend.ts';
import { ProgramBuilder } from '../../src-worker/plan/builder.ts';
import type { Op, Shape, Tensor } from '../../src-worker/plan/program.ts';

export { layerProgram, type LayerCase, type LayerProgram } from '../../src-worker/verify/layer-program.ts';

export interface LossResult {
  readonly loss: number;
  readonly losses: Float32Array | Float64Array;
  readonly correct: Float32Array | Float64Array;
  readonly dlogits: Float32Array | Float64Array;
}

/** Softmax cross-entropy with the gradient of the mean loss over all rows. */
export async function runCrossEntropy(
  backend: Backend,
  logits: ArrayLike<number>,
  labels: ArrayLike<number>
): Promise<LossResult> {
  const batchSize = labels.length;
  const classes = logits.length / batchSize;
  const builder = new ProgramBuilder();
  const rows = (name: string, shape: Shape = [], type: 'f32' | 'i32' = 'f32') =>
    builder.tensor(name, shape, { perExample: true, type });
  const tensors = {
    logits: rows('logits', [classes]),
    labels: rows('labels', [], 'i32'),
    weight: rows('weight'),
    loss: rows('loss'),
    correct: rows('correct'),
    dlogits: rows('dlogits', [classes])
  };
  const ops: Op[] = [];
  builder.record(ops).softmaxCrossEntropy(tensors);
  const weight = new Float32Array(batchSize).fill(1 / batchSize);
  const results = await backend.run(
    { batchSize, tensors: builder.tensors, ops },
    new Map<Tensor, ArrayLike<number>>([
      [tensors.logits, logits],
      [tensors.labels, labels],
      [tensors.weight, weight]
    ])
  );
  const losses = results.get(tensors.loss)!;
  return {
    loss: Array.from(losses).reduce((sum, loss) => sum + loss, 0) / batchSize,
    losses,
    correct: results.get(tensors.correct)!,
    dlogits: results.get(tensors.dlogits)!
  };
}
