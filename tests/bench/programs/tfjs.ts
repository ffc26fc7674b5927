/** TensorFlow.js on the backend of its first argument, `wasm` or `cpu`: `optimizer.minimize` over a sequential model (as fast as `trainOnBatch`), batches as tensors. */
import { createRequire } from 'node:module';
import type * as Core from '@tensorflow/tfjs-core';
import type * as Layers from '@tensorflow/tfjs-layers';
import type { Kinded } from '../../../src-worker/contract/fields.ts';
import { Cannot, EXAMPLES, modelOf, serve, type Task } from '../protocol.ts';

// Its packages for Node are CommonJS.
const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core') as typeof Core;
const { layers, sequential } = require('@tensorflow/tfjs-layers') as typeof Layers;
const backend = process.argv[2] as 'wasm' | 'cpu';
require(`@tensorflow/tfjs-backend-${backend}`);
if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here.`);

function layerOf({ kind, ...settings }: Kinded): Layers.layers.Layer {
  const [units, filters] = [settings['units'] as number, settings['filters'] as number];
  switch (kind) {
    case 'flatten':
      return layers.flatten();
    case 'dense':
      return layers.dense({ units });
    case 'conv2d':
      return layers.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: settings['bias'] !== false });
    case 'batch-norm':
      return layers.batchNormalization();
    case 'max-pool':
      return layers.maxPooling2d({ poolSize: 2 });
    case 'relu':
    case 'tanh':
      return layers.activation({ activation: kind });
    default:
      throw new Cannot(`the comparison does not know its layer for ${kind}`);
  }
}

function batchesOf({ shape, classes, batchSize }: Task['workload']): [x: Core.Tensor, labels: Core.Tensor2D][] {
  return Array.from({ length: Math.floor(EXAMPLES / batchSize) }, () => {
    const labels = tf.tensor1d(
      Array.from({ length: batchSize }, (_, i) => i % classes),
      'int32'
    );
    return [tf.randomNormal([batchSize, ...shape]), tf.cast(tf.oneHot(labels, classes), 'float32') as Core.Tensor2D];
  });
}

await serve(`TensorFlow.js ${tf.version_core} ${backend}`, ({ workload, learningRate }, optimizerName) => {
  const network = sequential();
  network.add(layers.inputLayer({ inputShape: [...workload.shape] }));
  for (const layer of workload.layers) network.add(layerOf(layer));
  const batches = batchesOf(workload);
  const optimizer = optimizerName === 'adam' ? tf.train.adam(learningRate) : tf.train.sgd(learningRate);
  let at = 0;
  const step = () => {
    const [x, labels] = batches[at++ % batches.length]!;
    const logits = () => network.apply(x, { training: true }) as Core.Tensor2D;
    const lossOf = () => tf.losses.softmaxCrossEntropy(labels, logits()) as Core.Scalar;
    const loss = optimizer.minimize(lossOf, true)!;
    loss.dataSync();
    loss.dispose();
  };
  try {
    return modelOf('', step);
  } catch (error) {
    const [, kernel] = /Kernel '(\w+)' not registered/.exec((error as Error).message) ?? [];
    throw kernel ? new Cannot(`its ${backend} backend has no ${kernel}`) : error;
  }
});
