/** ConvNetJS: example by example, with an update at the end of each batch. */
import { createRequire } from 'node:module';
import { Cannot, EXAMPLES, modelOf, serve, type Task } from '../protocol.ts';

interface Vol {
  w: Float64Array;
}
interface ConvNetJs {
  Vol: new (sx: number, sy: number, depth: number, fill: number) => Vol;
  Net: new () => { makeLayers(layers: readonly object[]): void };
  Trainer: new (net: unknown, settings: object) => { train(x: Vol, label: number): void };
}
const { Vol, Net, Trainer } = createRequire(import.meta.url)('convnetjs') as ConvNetJs;

/** A flat input is a volume of one pixel; an activation belongs to the layer in front of it. */
const volumeOf = ({ shape, layers }: Task['workload']): [sx: number, sy: number, depth: number] =>
  layers[0]!.kind === 'conv2d' ? [shape[1]!, shape[0]!, shape[2]!] : [1, 1, shape.reduce((a, b) => a * b, 1)];

function layersOf(workload: Task['workload']): object[] {
  const [sx, sy, depth] = volumeOf(workload);
  const made: Record<string, unknown>[] = [{ type: 'input', out_sx: sx, out_sy: sy, out_depth: depth }];
  for (const { kind, ...settings } of workload.layers)
    switch (kind) {
      case 'flatten':
        break;
      case 'dense':
        made.push({ type: 'fc', num_neurons: settings['units'] });
        break;
      case 'conv2d':
        made.push({ type: 'conv', sx: settings['kernel'], filters: settings['filters'], stride: 1, pad: 1 });
        break;
      case 'max-pool':
        made.push({ type: 'pool', sx: 2, stride: 2 });
        break;
      case 'relu':
      case 'tanh':
        made.at(-1)!['activation'] = kind;
        break;
      default:
        throw new Cannot(`it has no ${kind} layer`);
    }
  made.pop(); // Its softmax layer brings the last dense one along.
  return [...made, { type: 'softmax', num_classes: workload.classes }];
}

function exampleOf(workload: Task['workload']): Vol {
  const volume = new Vol(...volumeOf(workload), 0);
  volume.w.forEach((_, i) => (volume.w[i] = Math.random()));
  return volume;
}

await serve('ConvNetJS 0.3.0', ({ workload, learningRate }, optimizer) => {
  if (optimizer !== 'sgd') throw new Cannot('its package has no Adam');
  const { batchSize, classes } = workload;
  const network = new Net();
  network.makeLayers(layersOf(workload));
  const trainer = new Trainer(network, {
    method: 'sgd',
    learning_rate: learningRate,
    momentum: 0,
    l2_decay: 0,
    batch_size: batchSize
  });
  const examples = Array.from({ length: EXAMPLES }, () => exampleOf(workload));
  let at = 0;
  return modelOf('', () => {
    for (let i = 0; i < batchSize; i++, at++) trainer.train(examples[at % EXAMPLES]!, at % classes);
  });
});
