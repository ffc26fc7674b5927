import type { Plan } from '../../plan/plan.ts';
import { sizeOf, sizeOfAxes, tensorsOf, type Op, type Tensor } from '../../plan/program.ts';
import type { GpuBackendName } from './checked-pipeline.ts';
import { MOST_MEASURES } from './kernels/record.ts';

/** A call costs some milliseconds besides its steps; longer calls let stop and pause wait. Units: ms. */
const CALL_MS = 30;
const MOST_STEPS = 16;

/** Rough costs of an ordinary GPU: only the length of a call depends on them. */
const speeds = {
  webgpu: { msPerKernel: 0.02, multiplyAddsPerMs: 1e8 },
  webgl2: { msPerKernel: 0.06, multiplyAddsPerMs: 5e7 },
  /** A GPU that is the processor, or JavaScript. */
  software: { msPerKernel: 0.05, multiplyAddsPerMs: 3e5 }
};

/** How many training steps one pipeline holds, so that a call takes some 20–50 ms and its inputs fit into one buffer each. */
export function stepsPerCall(plan: Plan, on: { backend: GpuBackendName; isSoftware: boolean }): number {
  const { batchSize, feeds, gradients, afterGradients, afterUpdate, parameters, measures, multiplyAdds } = plan;
  const { msPerKernel, multiplyAddsPerMs } =
    speeds[on.isSoftware || on.backend === 'gpujs-cpu' ? 'software' : on.backend];
  const ops = [...gradients, ...afterGradients, ...afterUpdate];
  const records = Math.ceil(measures.length / MOST_MEASURES);
  const kernels = ops.reduce((sum, op) => sum + kernelsOf(op), 0) + parameters.length + records;
  // The backward pass costs twice the forward pass.
  const work = 3 * multiplyAdds + gradients.reduce((sum, op) => sum + besides(op), 0);
  const ms = kernels * msPerKernel + (work * batchSize) / multiplyAddsPerMs;
  const room = Math.floor(
    (2 ** 24 - 1) / (batchSize * Math.max(...feeds.map(({ tensor }) => sizeOf(tensor.shape)), 2))
  );
  return Math.max(1, Math.min(MOST_STEPS, room, Math.round(CALL_MS / ms)));
}

function kernelsOf(op: Op): number {
  switch (op.op) {
    case 'softmaxCrossEntropy':
      return 4;
    case 'map':
      return tensorsOf(op).writes.length;
    case 'reduce':
      return 2 * tensorsOf(op).writes.length;
    case 'sumRows':
    case 'conv2dBackWeights':
    case 'pool2dBack':
    case 'gather':
    case 'scatter':
      return 2;
    default:
      return 1;
  }
}

/**
 * What an example costs besides the multiply-adds of its layers, in multiply-adds. For each of a convolution its places are computed
 * too, which costs about as much again; a row of an embedding looks through all ids for its gradient.
 */
function besides(op: Op): number {
  const multiplyAdds = (y: Tensor, w: Tensor) => (sizeOf(y.shape) * sizeOf(w.shape)) / y.shape[2]!;
  switch (op.op) {
    case 'conv2d':
      return multiplyAdds(op.y, op.w);
    case 'conv2dBackInput':
      return multiplyAdds(op.dy, op.w);
    case 'conv2dBackWeights':
      return multiplyAdds(op.dy, op.dw);
    case 'reduce':
      return sizeOfAxes(op.grid, 'pgk') * tensorsOf(op).writes.length;
    case 'scatter':
      return sizeOf(op.ids.shape) * sizeOf(op.dtable.shape);
    default:
      return 0;
  }
}
