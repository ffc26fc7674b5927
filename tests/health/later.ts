/** More of the same, written when all thresholds were settled and looked at once: what the figures of docs/health.md are checked with. */
import { presetSpec } from '../support/datasets.ts';
import { chain, conv, dense, gain, normal, stack, training, type HealthCase } from './case.ts';
import { bias, planted } from './planted.ts';

const CLOTHES = 'fashion-mnist-small';
const some = (limit: number, normalize = 'standardize') => ({ data: { limit, normalize } });
const healthy = (title: string, spec: unknown): HealthCase => ({ title, spec, fault: null, found: [] });
type Layers = Parameters<typeof chain>[1];

const images = (title: string, dataset: string, layers: Layers, settings: object, limit = 2000) =>
  healthy(title, chain(dataset, layers, { ...some(limit), ...settings }));
const pooled = (activation: string, pool = 'max-pool') => [
  ...[conv(8), activation, pool, conv(16), activation, pool, 'flatten', dense(48), activation, dense(10)]
];
const convolutions = [
  images('clothes, convolutions, Adam, seed 1', CLOTHES, pooled('relu'), {
    ...training('adam', 0.001, 4, 32),
    seed: 1
  }),
  images('clothes, convolutions, Adam, seed 2', CLOTHES, pooled('relu'), {
    ...training('adam', 0.001, 4, 64),
    seed: 2
  }),
  images('clothes, convolutions, RMSprop', CLOTHES, pooled('relu'), training('rmsprop', 0.0005, 3, 32)),
  images('clothes, convolutions, Nesterov', CLOTHES, pooled('relu'), training('nesterov', 0.005, 4, 32)),
  images('clothes, convolutions of tanh', CLOTHES, pooled('tanh', 'average-pool'), training('adam', 0.001, 4, 32)),
  images('clothes, convolutions of leaky relu', CLOTHES, pooled('leaky-relu'), training('adam', 0.001, 4, 32)),
  images('clothes, convolutions of gelu', CLOTHES, pooled('gelu'), training('adamw', 0.001, 4, 32)),
  images(
    'clothes, mean of each channel',
    CLOTHES,
    [conv(8), 'relu', 'max-pool', conv(16), 'relu', 'global-average-pool', dense(10)],
    training('adam', 0.003, 4, 32)
  ),
  images('shapes, dense, Adam', 'shapes', ['flatten', dense(64), 'relu', dense(3)], training('adam', 0.0005, 3, 32)),
  healthy('preset multi-task, seed 5', { ...presetSpec('multi-task'), seed: 5 })
];

const points = (dataset: string, layers: Layers, kind: string, rate: number, seed: number) =>
  healthy(
    `${dataset}, ${kind} ${rate}, seed ${seed}`,
    chain(dataset, [...layers, dense(2)], { ...training(kind, rate, 30, 16), seed })
  );
const plane = [
  points('circles', stack(1, 12, 'relu'), 'adam', 0.01, 5),
  points('circles', stack(3, 12, 'relu'), 'momentum', 0.01, 6),
  points('moons', stack(2, 24, 'relu'), 'nadam', 0.003, 7),
  points('moons', stack(1, 16, 'sigmoid'), 'rmsprop', 0.01, 8),
  points('xor', stack(2, 12, 'relu'), 'sgd', 0.1, 9),
  points('xor', stack(1, 6, 'tanh'), 'adamax', 0.01, 10),
  points('gauss', [], 'sgd', 0.1, 11),
  points('gauss', stack(2, 10, 'relu'), 'adagrad', 0.05, 12),
  points('spiral', stack(3, 20, 'relu'), 'adam', 0.005, 13),
  points('spiral', stack(4, 32, 'leaky-relu'), 'adam', 0.003, 14)
];

const clothes = (title: string, layers: Layers, settings: object) =>
  healthy(`clothes, ${title}`, chain(CLOTHES, ['flatten', ...layers, dense(10)], { ...some(3000), ...settings }));
const rows = [
  clothes('batches of 256', stack(2, 128, 'relu'), training('adam', 0.002, 5, 256)),
  clothes('batches of 16', stack(2, 64, 'relu'), training('sgd', 0.02, 4, 16)),
  clothes('rate in steps', stack(2, 100, 'relu'), training('adam', 0.002, 5, 64, { schedule: { kind: 'step' } })),
  clothes(
    'exponential rate',
    stack(2, 100, 'relu'),
    training('sgd', 0.1, 5, 64, { schedule: { kind: 'exponential' } })
  ),
  clothes('L1', stack(2, 100, 'relu'), training('adam', 0.001, 5, 64, { regularize: { l1: 1e-5 } })),
  clothes('dropout 0.5', [dense(256), 'relu', { kind: 'dropout', rate: 0.5 }], training('adam', 0.001, 5, 64)),
  clothes('sigmoid, momentum', stack(1, 100, 'sigmoid'), training('momentum', 0.05, 5, 64)),
  clothes('softplus', stack(2, 64, 'softplus'), training('adam', 0.001, 5, 64)),
  clothes('6 relu layers, seed 3', stack(6, 80, 'relu'), { ...training('adam', 0.001, 4, 64), seed: 3 }),
  clothes('4 tanh layers, Xavier', stack(4, 64, 'tanh', 'xavier-normal'), training('momentum', 0.01, 5, 64))
];

export const laterHealthyCases: readonly HealthCase[] = [...convolutions, ...plane, ...rows];

const small = [conv(8), 'relu', 'max-pool', 'flatten', dense(32), 'relu', dense(3)];
const mse = { loss: { kind: 'mse' } };
export const laterPlantedCases: readonly HealthCase[] = [
  ...planted(
    'learning rate too large',
    ['large-updates', 'loss-rising', 'exploding-gradients', 'diverged'],
    [
      ['shapes, convolutions, Adam 1', chain('shapes', small, { ...some(800), ...training('adam', 1, 2, 32) })],
      ['circles, tanh, SGD 100', chain('circles', [...stack(2, 12, 'tanh'), dense(2)], training('sgd', 100, 2, 16))],
      [
        'clothes, leaky relu, Nesterov 2',
        chain(CLOTHES, ['flatten', ...stack(2, 64, 'leaky-relu'), dense(10)], {
          ...some(2000),
          ...training('nesterov', 2, 2, 64)
        })
      ],
      ['gauss, elu, RMSprop 5', chain('gauss', [...stack(2, 8, 'elu'), dense(2)], training('rmsprop', 5, 2, 16))]
    ]
  ),
  ...planted(
    'learning rate too small',
    ['small-updates', 'no-learning'],
    [
      ['moons, elu, SGD 1e-7', chain('moons', [...stack(2, 16, 'elu'), dense(2)], training('sgd', 1e-7, 2, 16))],
      ['shapes, convolutions, Adam 1e-8', chain('shapes', small, { ...some(800), ...training('adam', 1e-8, 2, 32) })]
    ]
  ),
  ...planted(
    'weights from N(0, 0.01²) in a deep network',
    ['vanishing-gradients', 'no-learning'],
    [
      [
        'spiral, 7 of leaky relu',
        chain('spiral', [...stack(7, 32, 'leaky-relu', normal(0.01)), dense(2)], training('momentum', 0.01, 2, 16))
      ],
      [
        'clothes, 5 of elu',
        chain(CLOTHES, ['flatten', ...stack(5, 64, 'elu', normal(0.01)), dense(10)], {
          ...some(2000),
          ...training('sgd', 0.01, 2, 64)
        })
      ]
    ]
  ),
  ...planted(
    'first weights far too large',
    ['exploding-gradients', 'saturation', 'loss-rising', 'large-updates', 'diverged'],
    [
      [
        'xor, 10 linear layers of gain 3',
        chain('xor', [...Array.from({ length: 10 }, () => dense(2, gain(3))), dense(2)], training('sgd', 0.001, 2, 16))
      ],
      [
        'gauss, 2 of sigmoid, N(0, 20²)',
        chain('gauss', [...stack(2, 12, 'sigmoid', normal(20)), dense(2)], training('adam', 0.001, 2, 16))
      ],
      [
        'clothes, 4 of leaky relu, N(0, 1)',
        chain(CLOTHES, ['flatten', ...stack(4, 64, 'leaky-relu', normal(1)), dense(10)], {
          ...some(2000),
          ...training('adam', 0.001, 2, 64)
        })
      ]
    ]
  ),
  ...planted(
    'many sigmoid layers',
    ['vanishing-gradients', 'no-learning'],
    [
      [
        'moons, 6',
        chain('moons', [...stack(6, 16, 'sigmoid', 'xavier-uniform'), dense(2)], training('rmsprop', 0.001, 2, 16))
      ],
      [
        'clothes, 9',
        chain(CLOTHES, ['flatten', ...stack(9, 50, 'sigmoid', 'xavier-uniform'), dense(10)], {
          ...some(2000),
          ...training('momentum', 0.01, 2, 64)
        })
      ]
    ]
  ),
  ...planted(
    'relu units that never wake',
    ['dead-relu'],
    [
      [
        'spiral, 75 % of the second layer',
        chain('spiral', [...stack(3, 24, 'relu'), dense(2)], training('adam', 0.005, 2, 16)),
        bias('n3', -30, 0.75)
      ],
      [
        'shapes, the dense layer',
        chain('shapes', small, { ...some(800), ...training('adam', 0.001, 2, 32) }),
        bias('n5', -60)
      ]
    ]
  ),
  ...planted(
    'far too few examples',
    ['overfitting'],
    [
      [
        'shapes, convolutions, 100',
        chain('shapes', small, {
          data: { limit: 200, split: { train: 0.5, dev: 0.5 } },
          ...training('adam', 0.002, 40, 16)
        })
      ],
      [
        'clothes, gelu, 300',
        chain(CLOTHES, ['flatten', ...stack(2, 128, 'gelu'), dense(10)], {
          data: { limit: 600, split: { train: 0.5, dev: 0.5 } },
          ...training('adam', 0.001, 40, 32)
        })
      ]
    ]
  ),
  ...planted(
    'numbers that overflow',
    ['diverged'],
    [
      ['slope, SGD 1000', chain('plane', [...stack(2, 8, 'relu'), dense(1)], training('sgd', 1000, 2, 16, mse))],
      [
        'moons, 100 linear layers of gain 5',
        chain(
          'moons',
          [...Array.from({ length: 100 }, () => dense(2, gain(5))), dense(2)],
          training('sgd', 0.001, 2, 16)
        )
      ],
      [
        'clothes, momentum 1000',
        chain(CLOTHES, ['flatten', ...stack(3, 64, 'relu'), dense(10)], {
          ...some(1000),
          ...training('momentum', 1000, 2, 64)
        })
      ]
    ]
  )
];
