/**
 * Faults as people make them, each in networks and sets of several kinds. They were written down before any threshold was; half of them
 * was looked at when the thresholds were chosen, the others (every second) were not.
 */
import type { HealthRuleId } from '../../src-worker/contract/health.ts';
import type { Plan } from '../../src-worker/plan/plan.ts';
import { chain, conv, dense, gain, normal, stack, training, type HealthCase } from './case.ts';

const CLOTHES = 'fashion-mnist-small';
const some = (limit: number) => ({ data: { limit } });
export const planted = (
  fault: string,
  found: readonly HealthRuleId[],
  cases: readonly (readonly [title: string, spec: unknown, plant?: HealthCase['plant']])[]
): HealthCase[] =>
  cases.map(([title, spec, plant]) => ({ title: `${fault}: ${title}`, spec, fault, found, ...(plant && { plant }) }));

const mlp = (activation: string, init?: unknown) => ['flatten', ...stack(3, 100, activation, init), dense(10)];
const cnn = (classes: number, init?: unknown) => [
  ...[conv(8, init), 'relu', 'max-pool', conv(16, init), 'relu', 'max-pool', 'flatten'],
  ...[dense(32, init), 'relu', dense(classes)]
];

/** So much in the bias of the first `share` of a layer's units. */
export const bias =
  (layer: string, value: number, share = 1) =>
  (w: Float32Array, { parameters }: Plan): void => {
    const { at, size } = parameters.find(({ name }) => name === `${layer}.b`)!;
    w.fill(value, at, at + Math.round(share * size));
  };

const rateTooLarge = planted(
  'learning rate too large',
  ['large-updates', 'loss-rising', 'exploding-gradients', 'diverged'],
  [
    ['clothes, relu, SGD 3', chain(CLOTHES, mlp('relu'), { ...some(3000), ...training('sgd', 3, 2, 64) })],
    ['clothes, relu, Adam 0.3', chain(CLOTHES, mlp('relu'), { ...some(3000), ...training('adam', 0.3, 2, 64) })],
    ['clothes, tanh, momentum 3', chain(CLOTHES, mlp('tanh'), { ...some(3000), ...training('momentum', 3, 2, 64) })],
    ['clothes, convolutions, Adam 0.3', chain(CLOTHES, cnn(10), { ...some(1500), ...training('adam', 0.3, 2, 64) })],
    ['spiral, tanh, Adam 3', chain('spiral', [...stack(2, 8, 'tanh'), dense(2)], training('adam', 3, 2, 10))],
    ['circles, relu, SGD 30', chain('circles', [...stack(2, 16, 'relu'), dense(2)], training('sgd', 30, 2, 16))],
    [
      'moons, sigmoid, momentum 30',
      chain('moons', [...stack(1, 16, 'sigmoid'), dense(2)], training('momentum', 30, 2, 16))
    ],
    [
      'clothes, no hidden layer, SGD 10',
      chain(CLOTHES, ['flatten', dense(10)], { ...some(3000), ...training('sgd', 10, 2, 128) })
    ],
    [
      'clothes, batch norm, SGD 100',
      chain(CLOTHES, ['flatten', dense(100), 'batch-norm', 'relu', dense(50), 'batch-norm', 'relu', dense(10)], {
        ...some(3000),
        ...training('sgd', 100, 2, 64)
      })
    ],
    [
      'slope, relu, SGD 3',
      chain('plane', [...stack(2, 16, 'relu'), dense(1)], training('sgd', 3, 2, 16, { loss: { kind: 'mse' } }))
    ],
    ['shapes, convolutions, momentum 1', chain('shapes', cnn(3), { ...some(1500), ...training('momentum', 1, 2, 32) })],
    ['xor, gelu, RMSprop 3', chain('xor', [...stack(1, 8, 'gelu'), dense(2)], training('rmsprop', 3, 2, 16))]
  ]
);

const rateTooSmall = planted(
  'learning rate too small',
  ['small-updates', 'no-learning'],
  [
    ['clothes, relu, Adam 1e-8', chain(CLOTHES, mlp('relu'), { ...some(3000), ...training('adam', 1e-8, 2, 64) })],
    ['clothes, convolutions, SGD 1e-7', chain(CLOTHES, cnn(10), { ...some(1500), ...training('sgd', 1e-7, 2, 64) })],
    [
      'spiral, tanh, momentum 1e-7',
      chain('spiral', [...stack(2, 8, 'tanh'), dense(2)], training('momentum', 1e-7, 2, 10))
    ],
    ['circles, relu, Adam 1e-7', chain('circles', [...stack(2, 16, 'relu'), dense(2)], training('adam', 1e-7, 2, 16))],
    [
      'shapes, convolutions, RMSprop 1e-8',
      chain('shapes', cnn(3), { ...some(1500), ...training('rmsprop', 1e-8, 2, 64) })
    ],
    [
      'clothes, no hidden layer, SGD 1e-7',
      chain(CLOTHES, ['flatten', dense(10)], { ...some(3000), ...training('sgd', 1e-7, 2, 128) })
    ]
  ]
);

const zeros = { kind: 'zeros' };
const allZero = planted(
  'all weights 0',
  ['vanishing-gradients', 'dead-relu', 'no-learning'],
  [
    [
      'clothes, relu',
      chain(CLOTHES, ['flatten', ...stack(3, 100, 'relu', zeros), dense(10, zeros)], {
        ...some(3000),
        ...training('adam', 1e-3, 2, 64)
      })
    ],
    ['spiral, tanh', chain('spiral', [...stack(2, 8, 'tanh', zeros), dense(2, zeros)], training('adam', 1e-2, 2, 10))],
    [
      'shapes, convolutions',
      chain('shapes', [conv(8, zeros), 'relu', 'max-pool', 'flatten', dense(3, zeros)], {
        ...some(1500),
        ...training('momentum', 0.01, 2, 32)
      })
    ],
    [
      'circles, sigmoid',
      chain('circles', [...stack(1, 16, 'sigmoid', zeros), dense(2, zeros)], training('sgd', 0.1, 2, 16))
    ]
  ]
);

const tooSmallFirst = planted(
  'weights from N(0, 0.01²) in a deep network',
  ['vanishing-gradients', 'no-learning'],
  [
    [
      'clothes, 6 of relu, SGD',
      chain(CLOTHES, ['flatten', ...stack(6, 100, 'relu', normal(0.01)), dense(10, normal(0.01))], {
        ...some(3000),
        ...training('sgd', 0.01, 2, 64)
      })
    ],
    [
      'circles, 8 of tanh, Adam',
      chain('circles', [...stack(8, 32, 'tanh', normal(0.01)), dense(2, normal(0.01))], training('adam', 1e-3, 2, 16))
    ],
    [
      'shapes, 4 convolutions, momentum',
      chain(
        'shapes',
        [
          ...Array.from({ length: 4 }, () => [conv(8, normal(0.01)), 'relu']).flat(),
          'global-average-pool',
          dense(3, normal(0.01))
        ],
        { ...some(800), ...training('momentum', 0.01, 2, 32) }
      )
    ],
    [
      'clothes, 6 of sigmoid, SGD',
      chain(CLOTHES, ['flatten', ...stack(6, 64, 'sigmoid', normal(0.01)), dense(10, normal(0.01))], {
        ...some(3000),
        ...training('sgd', 0.1, 2, 64)
      })
    ],
    [
      'moons, 5 of relu, momentum',
      chain('moons', [...stack(5, 64, 'relu', normal(0.01)), dense(2, normal(0.01))], training('momentum', 0.01, 2, 16))
    ],
    [
      'clothes, 6 of gelu, AdamW',
      chain(CLOTHES, ['flatten', ...stack(6, 50, 'gelu', normal(0.01)), dense(10, normal(0.01))], {
        ...some(2000),
        ...training('adamw', 1e-4, 2, 64)
      })
    ]
  ]
);

const tooLargeFirst = planted(
  'first weights far too large',
  ['exploding-gradients', 'saturation', 'loss-rising', 'large-updates', 'diverged'],
  [
    [
      'clothes, 5 of relu, N(0, 1)',
      chain(CLOTHES, ['flatten', ...stack(5, 100, 'relu', normal(1)), dense(10, normal(1))], {
        ...some(3000),
        ...training('adam', 1e-3, 2, 64)
      })
    ],
    [
      'clothes, 3 of tanh, N(0, 1)',
      chain(CLOTHES, ['flatten', ...stack(3, 100, 'tanh', normal(1)), dense(10)], {
        ...some(3000),
        ...training('adam', 1e-3, 2, 64)
      })
    ],
    [
      'clothes, 3 of sigmoid, N(0, 3²)',
      chain(CLOTHES, ['flatten', ...stack(3, 50, 'sigmoid', normal(3)), dense(10)], {
        ...some(3000),
        ...training('sgd', 0.1, 2, 64)
      })
    ],
    [
      'gauss, 20 linear layers of gain 2',
      chain('gauss', [...Array.from({ length: 20 }, () => dense(2, gain(2))), dense(2)], training('adam', 1e-3, 2, 16))
    ],
    [
      'shapes, convolutions, N(0, 1)',
      chain('shapes', cnn(3, normal(1)), { ...some(1000), ...training('sgd', 0.01, 2, 32) })
    ],
    [
      'spiral, tanh, N(0, 10²)',
      chain('spiral', [...stack(2, 16, 'tanh', normal(10)), dense(2)], training('adam', 1e-3, 2, 10))
    ],
    [
      'circles, 8 of relu, N(0, 0.5²)',
      chain('circles', [...stack(8, 64, 'relu', normal(0.5)), dense(2)], training('sgd', 0.01, 2, 16))
    ],
    [
      'moons, 6 of elu, N(0, 1)',
      chain('moons', [...stack(6, 32, 'elu', normal(1)), dense(2)], training('momentum', 0.01, 2, 16))
    ]
  ]
);

const xavier = 'xavier-normal';
const deepSigmoid = planted(
  'many sigmoid layers',
  ['vanishing-gradients', 'no-learning'],
  [
    [
      'clothes, 6',
      chain(CLOTHES, ['flatten', ...stack(6, 100, 'sigmoid', xavier), dense(10, xavier)], {
        ...some(3000),
        ...training('sgd', 0.1, 2, 64)
      })
    ],
    [
      'circles, 8',
      chain('circles', [...stack(8, 16, 'sigmoid', xavier), dense(2, xavier)], training('momentum', 0.1, 2, 16))
    ],
    [
      'spiral, 10',
      chain('spiral', [...stack(10, 16, 'sigmoid', xavier), dense(2, xavier)], training('adam', 1e-3, 2, 10))
    ],
    [
      'clothes, 8 with Adam',
      chain(CLOTHES, ['flatten', ...stack(8, 64, 'sigmoid', xavier), dense(10, xavier)], {
        ...some(3000),
        ...training('adam', 1e-4, 2, 64)
      })
    ],
    ['xor, 7', chain('xor', [...stack(7, 12, 'sigmoid', xavier), dense(2, xavier)], training('sgd', 0.1, 2, 16))],
    [
      'shapes, 6 behind a convolution',
      chain('shapes', [conv(4), 'relu', 'max-pool', 'flatten', ...stack(6, 32, 'sigmoid', xavier), dense(3, xavier)], {
        ...some(1000),
        ...training('momentum', 0.01, 2, 32)
      })
    ]
  ]
);

const deadUnits = planted(
  'relu units that never wake',
  ['dead-relu'],
  [
    [
      'clothes, a whole layer',
      chain(CLOTHES, mlp('relu'), { ...some(2000), ...training('adam', 1e-3, 2, 64) }),
      bias('n2', -30)
    ],
    [
      'clothes, 70 % of the second layer',
      chain(CLOTHES, mlp('relu'), { ...some(2000), ...training('sgd', 0.05, 2, 64) }),
      bias('n4', -30, 0.7)
    ],
    [
      'circles, 60 % of the first layer',
      chain('circles', [...stack(2, 20, 'relu'), dense(2)], training('adam', 1e-2, 2, 16)),
      bias('n1', -30, 0.6)
    ],
    [
      'shapes, six of eight filters',
      chain('shapes', cnn(3), { ...some(1000), ...training('adam', 1e-3, 2, 32) }),
      bias('n1', -30, 0.75)
    ],
    [
      'moons, the last hidden layer',
      chain('moons', [...stack(3, 16, 'relu'), dense(2)], training('momentum', 0.05, 2, 16)),
      bias('n5', -100)
    ],
    [
      'clothes, filters of the second convolution',
      chain(CLOTHES, cnn(10), { ...some(1500), ...training('sgd', 0.02, 2, 64) }),
      bias('n4', -50)
    ]
  ]
);

/** The columns in other units, as metres come in millimetres. */
const raw = { data: { normalize: 'none' } };
const notNormalized = planted(
  'columns in units of their own come in as they are',
  ['large-updates', 'loss-rising', 'exploding-gradients', 'diverged', 'dead-relu', 'saturation'],
  [
    [
      'circles × 100, relu, SGD 0.1',
      chain('circles', [...stack(2, 16, 'relu'), dense(2)], { ...raw, ...training('sgd', 0.1, 2, 16) })
    ],
    [
      'moons × 1000, tanh, Adam',
      chain('moons', [...stack(2, 16, 'tanh'), dense(2)], { ...raw, ...training('adam', 0.01, 2, 16) })
    ],
    [
      'spiral × 1000, relu, momentum',
      chain('spiral', [...stack(3, 32, 'relu'), dense(2)], { ...raw, ...training('momentum', 0.01, 2, 16) })
    ],
    [
      'gauss × 300, sigmoid, SGD 0.1',
      chain('gauss', [...stack(1, 16, 'sigmoid'), dense(2)], { ...raw, ...training('sgd', 0.1, 2, 16) })
    ],
    [
      'slope × 100, relu, SGD 0.01',
      chain('plane', [...stack(2, 16, 'relu'), dense(1)], {
        ...raw,
        ...training('sgd', 0.01, 2, 16, { loss: { kind: 'mse' } })
      })
    ]
  ].map(([title, spec]) => [title as string, spec] as const)
).map((one) => ({ ...one, units: Number(/× (\d+)/.exec(one.title)![1]) }));

const few = (limit: number) => ({ data: { limit, split: { train: 0.5, dev: 0.5 } } });
const overfitting = planted(
  'far too few examples',
  ['overfitting'],
  [
    ['clothes, relu, 100', chain(CLOTHES, mlp('relu'), { ...few(200), ...training('adam', 1e-3, 60, 20) })],
    ['clothes, convolutions, 150', chain(CLOTHES, cnn(10), { ...few(300), ...training('adam', 2e-3, 50, 16) })],
    [
      'shapes, relu, 200',
      chain('shapes', ['flatten', ...stack(2, 100, 'relu'), dense(3)], {
        ...few(400),
        ...training('adam', 1e-3, 40, 20)
      })
    ],
    [
      'clothes, tanh, 250, momentum',
      chain(CLOTHES, mlp('tanh'), { ...few(500), ...training('momentum', 0.05, 60, 16) })
    ],
    [
      'shapes, wide, 300, SGD',
      chain('shapes', ['flatten', ...stack(2, 300, 'relu'), dense(3)], { ...few(600), ...training('sgd', 0.1, 60, 16) })
    ],
    ['clothes, relu, 500, AdamW', chain(CLOTHES, mlp('relu'), { ...few(1000), ...training('adamw', 2e-3, 40, 32) })]
  ]
);

const diverges = planted(
  'numbers that overflow',
  ['diverged'],
  [
    ['clothes, SGD 1000', chain(CLOTHES, mlp('relu'), { ...some(2000), ...training('sgd', 1000, 2, 64) })],
    [
      'circles, first weights of 1e39',
      chain(
        'circles',
        [...stack(2, 8, 'relu', { kind: 'constant', value: 1e39 }), dense(2)],
        training('adam', 1e-3, 2, 16)
      )
    ],
    [
      'slope, SGD 300',
      chain('plane', [...stack(1, 8, 'relu'), dense(1)], training('sgd', 300, 2, 16, { loss: { kind: 'mse' } }))
    ],
    [
      'gauss, 200 linear layers of gain 3',
      chain('gauss', [...Array.from({ length: 200 }, () => dense(2, gain(3))), dense(2)], training('sgd', 1e-3, 2, 16))
    ],
    [
      'shapes, convolutions, momentum 1000',
      chain('shapes', cnn(3), { ...some(800), ...training('momentum', 1000, 2, 32) })
    ]
  ]
);

export const plantedCases: readonly HealthCase[] = [
  ...rateTooLarge,
  ...rateTooSmall,
  ...allZero,
  ...tooSmallFirst,
  ...tooLargeFirst,
  ...deepSigmoid,
  ...deadUnits,
  ...notNormalized,
  ...overfitting,
  ...diverges
];
