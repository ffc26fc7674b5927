import type { Plan } from '../../plan/plan.ts';
import { sizeOf, type Op, type Tensor } from '../../plan/program.ts';
import type { GpuBackendName } from './checked-pipeline.ts';

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
  const { batchSize, feeds, gradients, parameters, multiplyAdds } = plan;
  const { msPerKernel, multiplyAddsPerMs } =
    speeds[on.isSoftware || on.backend === 'gpujs-cpu' ? 'software' : on.backend];
  // The backward pass costs twice the forward pass; the loss and its record are four kernels more.
  const kernels = gradients.reduce((sum, op) => sum + kernelsOf(op), 0) + parameters.length + 4;
  const work = 3 * multiplyAdds + gradients.reduce((sum, op) => sum + indexingOf(op), 0);
  const ms = kernels * msPerKernel + (work * batchSize) / multiplyAddsPerMs;
  const room = Math.floor(
    (2 ** 24 - 1) / (batchSize * Math.max(...feeds.map(({ tensor }) => sizeOf(tensor.shape)), 2))
  );
  return Math.max(1, Math.min(MOST_STEPS, room, Math.round(CALL_MS / ms)));
}

const kernelsOf = ({ op }: Op): number => (op === 'conv2dBackWeights' || op === 'pool2dBack' ? 2 : 1);

/** For every multiply-add of a convolution its places are computed too, which costs about as much again. */
function indexingOf(op: Op): number {
  const multiplyAdds = (y: Tensor, w: Tensor) => (sizeOf(y.shape) * sizeOf(w.shape)) / y.shape[2]!;
  switch (op.op) {
    case 'conv2d':
      return multiplyAdds(op.y, op.w);
    case 'conv2dBackInput':
      return multiplyAdds(op.dy, op.w);
    case 'conv2dBackWeights':
      return multiplyAdds(op.dy, op.dw);
    default:
      return 0;
  }
}
