/**
 * Runs as the literature advises them, that nothing is wrong with: all presets but the one made to show a fault, and networks, optimizers
 * and sets of other kinds. Written down before any threshold was, every second one looked at when they were chosen.
 */
import { presetSpec } from '../support/datasets.ts';
import { chain, conv, dense, stack, training, type HealthCase } from './case.ts';

const CLOTHES = 'fashion-mnist-small';
const some = (limit: number) => ({ data: { limit } });
const healthy = (title: string, spec: unknown): HealthCase => ({ title, spec, fault: null, found: [] });

/** `deep-linear` shows how gradients vanish. */
const PRESETS = [
  ...['fashion-5-layer', 'lenet-5', 'logistic-regression', 'mlp-5x100', 'mlp-batch-norm', 'multi-task'],
  ...['residual-block', 'small-cnn', 'spiral', 'xor']
];
const presets = PRESETS.map((name) => healthy(`preset ${name}`, presetSpec(name)));

const plane = (
  dataset: string,
  depth: number,
  units: number,
  activation: string,
  kind: string,
  rate: number,
  seed = 42
) =>
  healthy(
    `${dataset}, ${depth} × ${units} ${activation}, ${kind} ${rate}, seed ${seed}`,
    chain(dataset, [...stack(depth, units, activation), dense(2)], { ...training(kind, rate, 30, 16), seed })
  );
const points = [
  plane('circles', 2, 16, 'relu', 'adam', 0.01),
  plane('circles', 1, 16, 'tanh', 'momentum', 0.05),
  plane('circles', 2, 8, 'sigmoid', 'adam', 0.01),
  plane('circles', 2, 32, 'gelu', 'adamw', 0.003),
  plane('moons', 2, 16, 'relu', 'adam', 0.003, 1),
  plane('moons', 2, 16, 'leaky-relu', 'sgd', 0.1),
  plane('moons', 1, 8, 'tanh', 'adam', 0.01, 2),
  plane('moons', 3, 16, 'elu', 'rmsprop', 0.001),
  plane('xor', 2, 8, 'relu', 'adam', 0.01, 3),
  plane('xor', 1, 8, 'sigmoid', 'adam', 0.03),
  plane('xor', 2, 8, 'tanh', 'sgd', 0.1),
  plane('gauss', 1, 8, 'relu', 'sgd', 0.05),
  plane('gauss', 2, 8, 'tanh', 'momentum', 0.01),
  plane('gauss', 1, 4, 'sigmoid', 'adam', 0.01),
  plane('spiral', 3, 32, 'relu', 'adam', 0.003),
  plane('spiral', 2, 16, 'tanh', 'adam', 0.01, 4),
  plane('spiral', 3, 24, 'gelu', 'nadam', 0.003),
  plane('spiral', 3, 16, 'elu', 'adam', 0.005)
];

const slope = (activation: string, kind: string, rate: number) =>
  healthy(
    `slope, ${activation}, ${kind} ${rate}`,
    chain('plane', [...stack(2, 16, activation), dense(1)], training(kind, rate, 20, 16, { loss: { kind: 'mse' } }))
  );
const slopes = [slope('relu', 'adam', 0.003), slope('tanh', 'sgd', 0.05), slope('gelu', 'momentum', 0.01)];

const clothes = (title: string, layers: Parameters<typeof chain>[1], settings: object, limit = 4000) =>
  healthy(`clothes, ${title}`, chain(CLOTHES, ['flatten', ...layers], { ...some(limit), ...settings }));
const wide = (activation: string) => [...stack(2, 100, activation), dense(10)];
const rows = [
  clothes('relu, SGD 0.05', wide('relu'), training('sgd', 0.05, 5, 64)),
  clothes('relu, momentum 0.01', wide('relu'), training('momentum', 0.01, 5, 64)),
  clothes('relu, Adam 0.001', wide('relu'), training('adam', 0.001, 5, 64)),
  clothes('relu, RMSprop 0.001', wide('relu'), training('rmsprop', 0.001, 5, 64)),
  clothes('relu, AdaGrad 0.01', wide('relu'), training('adagrad', 0.01, 5, 64)),
  clothes('relu, Adadelta 1', wide('relu'), training('adadelta', 1, 5, 64)),
  clothes('relu, Nadam 0.001', wide('relu'), training('nadam', 0.001, 5, 64)),
  clothes('relu, AdaMax 0.002', wide('relu'), training('adamax', 0.002, 5, 64)),
  clothes('relu, AdamW 0.001, cosine', wide('relu'), training('adamw', 0.001, 5, 64, { schedule: { kind: 'cosine' } })),
  clothes('tanh, Adam 0.001', wide('tanh'), training('adam', 0.001, 5, 64)),
  clothes('tanh, SGD 0.05', wide('tanh'), training('sgd', 0.05, 5, 64)),
  clothes('sigmoid, Adam 0.001', wide('sigmoid'), training('adam', 0.001, 5, 64)),
  clothes('gelu, Adam 0.001', wide('gelu'), training('adam', 0.001, 5, 64)),
  clothes('leaky relu, Nesterov 0.01', wide('leaky-relu'), training('nesterov', 0.01, 5, 64)),
  clothes('elu, Adam 0.001', wide('elu'), training('adam', 0.001, 5, 64)),
  clothes('dropout', [dense(200), 'relu', { kind: 'dropout', rate: 0.3 }, dense(10)], training('adam', 0.001, 5, 64)),
  clothes(
    'layer norm',
    [dense(100), 'layer-norm', 'relu', dense(100), 'layer-norm', 'relu', dense(10)],
    training('adam', 0.001, 5, 64)
  ),
  clothes('batch norm, SGD 0.1', [dense(100), 'batch-norm', 'relu', dense(10)], training('sgd', 0.1, 5, 64)),
  clothes('weight decay', wide('relu'), training('adam', 0.001, 5, 64, { regularize: { l2: 1e-4 } })),
  clothes('clipped gradients', wide('relu'), training('sgd', 0.1, 5, 64, { clip: { kind: 'norm', limit: 1 } })),
  clothes(
    '8 relu layers with batch norm',
    [...Array.from({ length: 8 }, () => [dense(64), 'batch-norm', 'relu']).flat(), dense(10)],
    training('adam', 0.001, 4, 64)
  ),
  clothes(
    '8 tanh layers, orthogonal',
    [...stack(8, 64, 'tanh', 'orthogonal'), dense(10)],
    training('adam', 0.0005, 4, 64)
  ),
  clothes('10 relu layers, He', [...stack(10, 64, 'relu'), dense(10)], training('adam', 0.0005, 4, 64))
];

const seen = (title: string, dataset: string, layers: Parameters<typeof chain>[1], settings: object, limit: number) =>
  healthy(title, chain(dataset, layers, { ...some(limit), ...settings }));
const small = (outputs: number) => [
  ...[conv(8), 'relu', 'max-pool', conv(16), 'relu', 'max-pool', 'flatten', dense(32), 'relu', dense(outputs)]
];
const images = [
  seen('shapes, convolutions, Adam', 'shapes', small(3), training('adam', 0.001, 4, 32), 2000),
  seen('shapes, convolutions, momentum', 'shapes', small(3), training('momentum', 0.01, 4, 32), 2000),
  seen('clothes, convolutions, SGD', CLOTHES, small(10), training('sgd', 0.05, 3, 32), 2000),
  seen(
    'clothes, convolutions with batch norm',
    CLOTHES,
    [conv(8), 'batch-norm', 'relu', 'max-pool', conv(16), 'batch-norm', 'relu', 'global-average-pool', dense(10)],
    training('adam', 0.003, 3, 32),
    2000
  )
];

export const healthyCases: readonly HealthCase[] = [...presets, ...points, ...slopes, ...rows, ...images];
