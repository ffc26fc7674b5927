/**
 * brain.js. It knows no batches: a step is as many updates as a batch has examples, each as its own `train` does them. One activation for
 * all layers, the last one too, and the squared error instead of softmax.
 */
import { createRequire } from 'node:module';
import { Cannot, EXAMPLES, modelOf, serve } from '../protocol.ts';

interface Example {
  input: Float32Array;
  output: Float32Array;
}
/** Its own types do not list all of its methods. */
interface Brain {
  NeuralNetwork: new (options: { hiddenLayers: number[]; activation: string }) => {
    train(examples: readonly Example[], options: object): void;
    trainPattern(example: Example): void;
  };
}
const { NeuralNetwork } = createRequire(import.meta.url)('brain.js') as Brain;
const known = ['flatten', 'dense', 'relu', 'tanh'];

await serve('brain.js 1.6.1', ({ workload, learningRate }, optimizer) => {
  const { shape, classes, batchSize, layers } = workload;
  const strange = layers.find(({ kind }) => !known.includes(kind));
  if (strange) throw new Cannot(`it has no ${strange.kind} layer`);
  const units = layers.filter(({ kind }) => kind === 'dense').map((layer) => layer['units'] as number);
  const network = new NeuralNetwork({
    hiddenLayers: units.slice(0, -1),
    activation: layers.some(({ kind }) => kind === 'tanh') ? 'tanh' : 'relu'
  });
  const examples = Array.from({ length: EXAMPLES }, (_, i) => ({
    input: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.random()),
    output: Float32Array.from({ length: classes }, (_, j) => (j === i % classes ? 1 : 0))
  }));
  // Some momentum it wants.
  const settings = {
    iterations: 1,
    errorThresh: 1e-9,
    learningRate,
    momentum: 1e-6,
    ...(optimizer === 'adam' && { praxis: 'adam' })
  };
  network.train(examples.slice(0, 1), settings); // sets it up
  let at = 0;
  return modelOf('', () => {
    for (let i = 0; i < batchSize; i++) network.trainPattern(examples[at++ % EXAMPLES]!);
  });
});
