/** What batch normalization and dropout promise beyond their gradients, as functions that can be pointed at any definition. Not a test itself. */
import type { Backend } from '../../src-worker/backends/backend.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import type { LayerDefinition } from '../../src-worker/layers/layer.ts';
import { layerProgram } from '../support/programs.ts';
import { mistake, none, worse, type Mistake } from './mistake.ts';

const BATCH = 6;
const SHAPE = [4, 3, 2];
const CHANNELS = 2;
const size = BATCH * 4 * 3 * CHANNELS;

/** Channels with means and deviations of their own. */
function images(stream: string): Float64Array {
  const random = randomStream(17, `init/${stream}`);
  return Float64Array.from({ length: size }, (_, i) =>
    i % CHANNELS === 0 ? 5 + 3 * random.normal() : random.normal() - 2
  );
}

/** Mean and variance of each channel. */
function momentsOf(values: ArrayLike<number>): { mean: number; variance: number }[] {
  return Array.from({ length: CHANNELS }, (_, channel) => {
    const own = Array.from(values).filter((_, i) => i % CHANNELS === channel);
    const mean = own.reduce((a, b) => a + b, 0) / own.length;
    return { mean, variance: own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length };
  });
}

const plain = { gamma: [1, 1], beta: [0, 0], mean: [0, 0], variance: [1, 1], dy: new Float64Array(size) };

/** In training every channel leaves batch normalization with mean 0 and variance 1, whatever came in. */
export async function worstMoment(definition: LayerDefinition, backend: Backend): Promise<Mistake> {
  const settings = { eps: 1e-12 };
  const program = layerProgram({ definition, settings, batchSize: BATCH, inputShape: SHAPE })!;
  const { y } = await program.run(backend, { ...plain, x: images('x') });
  return momentsOf(y!)
    .flatMap(({ mean, variance }, at) => [mistake('mean', at, mean, 0), mistake('variance', at, variance, 1)])
    .reduce(worse, none);
}

/** What goes into the running averages are the batch's mean and unbiased variance; inference uses the averages and nothing else. */
export async function worstRunning(definition: LayerDefinition, backend: Backend): Promise<Mistake> {
  const settings = { eps: 0.25 };
  const program = layerProgram({ definition, settings, batchSize: BATCH, inputShape: SHAPE })!;
  const x = images('x');
  const given = { ...plain, x, gamma: [2, 3], beta: [1, -1], mean: [4, -3], variance: [6, 0] };
  const trained = await program.run(backend, given);
  const { y } = await program.run(backend, given, 'inference');
  const count = size / CHANNELS;
  const entering = momentsOf(x).flatMap(({ mean, variance }, at) => [
    mistake('mean that enters', at, trained['dmean']![at]!, mean),
    mistake('variance that enters', at, trained['dvariance']![at]!, (variance * count) / (count - 1))
  ]);
  const used = Array.from(y!, (got, i) => {
    const c = i % CHANNELS;
    const standard = (x[i]! - given.mean[c]!) / Math.sqrt(given.variance[c]! + 0.25);
    return mistake('y at inference', i, got, given.gamma[c]! * standard + given.beta[c]!);
  });
  return [...entering, ...used].reduce(worse, none);
}

/** y is x/(1 − p) where the mask is 1, else 0, so that its mean over all masks is x; at inference y is x. */
export async function worstDropped(definition: LayerDefinition, backend: Backend): Promise<Mistake> {
  const found: Mistake[] = [];
  for (const rate of [0, 0.2, 0.5, 0.9]) {
    const program = layerProgram({ definition, settings: { rate }, batchSize: 1, inputShape: [4] })!;
    const x = [1, -2, 3, 0.5];
    const given = { x, 'kept.mask': [1, 0, 1, 0], dy: [1, 1, 2, 2] };
    const { y, dx } = await program.run(backend, given);
    const { y: inferred } = await program.run(backend, given, 'inference');
    for (const [i, value] of x.entries()) {
      const factor = i % 2 === 0 ? 1 / (1 - rate) : 0;
      found.push(
        mistake(`y at rate ${rate}`, i, y![i]!, value * factor),
        mistake(`dx at rate ${rate}`, i, dx![i]!, given.dy[i]! * factor),
        mistake('y at inference', i, inferred![i]!, value)
      );
    }
  }
  return found.reduce(worse, none);
}
