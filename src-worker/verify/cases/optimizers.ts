/** Optimizers: engines that follow a trajectory, on a model or on gradients that are given. */
import type { Kinded } from '../../contract/fields.ts';
import type { GoldenCase, GoldenTensor } from '../golden.ts';
import { learnedParameters, openSession, type Session, type SessionOptions } from '../session.ts';
import { input, param, textParam, Unsupported, type Answer, type Runner, type Surroundings } from './case.ts';

export interface Rule {
  readonly optimizer: Kinded;
  /** Penalties, as in `training.regularize`. */
  readonly regularize: Readonly<Record<string, unknown>>;
}

/**
 * An optimizer of PyTorch under our names. Its `weight_decay` adds wd·w to the gradient of all parameters, biases too; AdamW's own is a
 * setting of the optimizer.
 */
export function ruleOf(one: GoldenCase): Rule {
  const kind = textParam(one, 'optimizer');
  const optimizer = optimizerOf(one, kind);
  const decay = kind === 'adamw' ? 0 : param(one, 'weight_decay', 0);
  return { optimizer, regularize: decay > 0 ? { l2: decay, form: 'half', biases: true } : {} };
}

/** Without its decay, but for that of AdamW. */
export function optimizerOf(one: GoldenCase, kind: string): Kinded {
  const settings = Object.hasOwn(rules, kind) ? rules[kind]!(one) : undefined;
  if (!settings) throw new Unsupported(`there is no optimizer “${kind}” here`);
  return { ...settings, learningRate: param(one, 'lr', rates[kind] ?? 1e-3) };
}

/** Learning rates of PyTorch where they are not 0.001. */
const rates: Readonly<Record<string, number>> = {
  ...{ adagrad: 0.01, rmsprop: 0.01, rmsprop_eps_inside: 0.01, adadelta: 1, adamax: 2e-3, nadam: 2e-3 }
};

const rules: Readonly<Record<string, (one: GoldenCase) => Kinded>> = {
  sgd: () => ({ kind: 'sgd' }),
  sgd_momentum: (one) => ({ kind: 'momentum', momentum: param(one, 'momentum') }),
  sgd_momentum_ema: (one) => ({ kind: 'momentum', momentum: param(one, 'beta'), average: true }),
  nesterov: (one) => ({ kind: 'nesterov', momentum: param(one, 'momentum') }),
  adagrad: (one) => ({ kind: 'adagrad', initialSum: param(one, 'initial_accumulator_value', 0), ...eps(one, 1e-10) }),
  rmsprop: (one) => ({ kind: 'rmsprop', rho: param(one, 'alpha', 0.99), ...eps(one, 1e-8) }),
  rmsprop_eps_inside: (one) => ({
    kind: 'rmsprop',
    rho: param(one, 'alpha', 0.99),
    epsInside: true,
    ...eps(one, 1e-8)
  }),
  adadelta: (one) => ({ kind: 'adadelta', rho: param(one, 'rho', 0.9), ...eps(one, 1e-6) }),
  adam: (one) => ({ kind: 'adam', ...betas(one), ...eps(one, 1e-8) }),
  adamw: (one) => ({ kind: 'adamw', ...betas(one), ...eps(one, 1e-8), weightDecay: param(one, 'weight_decay', 0.01) }),
  adamax: (one) => ({ kind: 'adamax', ...betas(one), ...eps(one, 1e-8) }),
  nadam: (one) => ({
    kind: 'nadam',
    ...betas(one),
    ...eps(one, 1e-8),
    momentumDecay: param(one, 'momentum_decay', 0.004)
  }),
  nadam_constant: (one) => ({ kind: 'nadam', ...betas(one), ...eps(one, 1e-8), warmMomentum: false })
};

const eps = (one: GoldenCase, standard: number) => ({ eps: param(one, 'eps', standard) });

function betas({ params }: GoldenCase): { beta1: number; beta2: number } {
  const [beta1, beta2] = (params['betas'] ?? [0.9, 0.999]) as [number, number];
  return { beta1, beta2 };
}

export const optimizer: Runner = (one, on) => {
  const said = one.params['problem'];
  const problem = one.inputs_from?.problem ?? String(said);
  const shared = on.files.find(({ problems }) => problems?.[problem])?.problems?.[problem];
  const inputs = { ...shared?.inputs, ...one.inputs };
  const follow = problems[problem];
  if (!follow) throw new Unsupported(`there is no problem “${problem}” here`);
  return follow({ ...one, inputs }, on);
};

const problems: Readonly<Record<string, Runner>> = {
  /** Mean over all elements of (X·W + b − Y)². */
  least_squares(one, on) {
    const { X, Y, W, b } = one.inputs as Record<string, GoldenTensor>;
    const [rows, columns] = Y!.shape as [number, number];
    return followModel(one, on, {
      layers: [{ kind: 'dense', units: columns, bias: b !== undefined }],
      loss: { kind: 'mse' },
      X: X!,
      target: { values: Float32Array.from(Y!.data), columns },
      start: { W: W!, ...(b && { b }) },
      rows
    });
  },
  /** Mean softmax cross-entropy of tanh(X·W1 + b1)·W2 + b2. */
  mlp(one, on) {
    const { X, labels, ...start } = one.inputs as Record<string, GoldenTensor>;
    return followModel(one, on, { ...mlpOf(one), X: X!, start, rows: labels!.data.length });
  },
  given_gradients(one, on) {
    const { p, g } = one.inputs as Record<string, GoldenTensor>;
    return followGradients(one, on, { name: 'p', start: p!, gradients: g!, ...ruleOf(one) });
  }
};

/** The two-layer perceptron of several cases. */
export function mlpOf(one: Pick<GoldenCase, 'inputs'>): Pick<Model, 'layers' | 'loss' | 'target'> {
  const [hidden, classes] = [input(one, 'W1').shape[1]!, input(one, 'W2').shape[1]!];
  return {
    layers: [{ kind: 'dense', units: hidden }, { kind: 'tanh' }, { kind: 'dense', units: classes }],
    loss: { kind: 'cross-entropy' },
    target: { labels: input(one, 'labels').data, classes }
  };
}

interface Model {
  readonly layers: readonly Kinded[];
  readonly loss: Kinded;
  readonly X: GoldenTensor;
  readonly target: SessionOptions['target'];
  /** First values, in the order of the layers. */
  readonly start: Readonly<Record<string, GoldenTensor>>;
  readonly rows: number;
}

/** Full-batch steps: the loss before each and after the last, and the parameters where they are asked for. */
async function followModel(one: GoldenCase, on: Surroundings, model: Model): Promise<Answer> {
  const { layers, loss, X, target, start, rows } = model;
  const session = await openSession({
    ...on,
    layers,
    training: { ...ruleOf(one), loss },
    batchSize: rows,
    examples: Float32Array.from(X.data),
    shape: X.shape.slice(1),
    target
  });
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  try {
    const names = learnedParameters(session.plan).map(({ name }) => name);
    const golden = Object.keys(start);
    await session.setParameters(Object.fromEntries(golden.map((name, at) => [names[at]!, start[name]!.data])));
    const { losses, seen } = await trajectory(one, session, Array(param(one, 'steps')).fill(all));
    const outputs = seen.flatMap(({ step, parameters }) =>
      golden.map((name, at) => [`${name}@${step}`, parameters[names[at]!]!])
    );
    return { outputs: { ...Object.fromEntries(outputs), losses: [...losses, (await session.evaluate(all)).loss] } };
  } finally {
    await session.engine.close();
  }
}

export interface Seen {
  readonly step: number;
  readonly parameters: Readonly<Record<string, Float32Array>>;
}

/** Trains on the batches in order, with a look at the parameters after every step that an expected value names by `@`. */
export async function trajectory(
  { expected }: GoldenCase,
  session: Session,
  batches: readonly ArrayLike<number>[]
): Promise<{ losses: number[]; seen: Seen[] }> {
  const asked = Object.keys(expected).map((name) => Number(/@(\d+)$/.exec(name)?.[1] ?? 0));
  const stops = [...new Set([...asked, batches.length])].filter((step) => step > 0 && step <= batches.length);
  const losses: number[] = [];
  const seen: Seen[] = [];
  for (const step of stops.sort((a, b) => a - b)) {
    losses.push(...(await session.train(batches.slice(losses.length, step))));
    seen.push({ step, parameters: await session.parameters() });
  }
  return { losses, seen };
}

export interface GivenGradients extends Rule {
  /** What the parameter is called in the case. */
  readonly name: string;
  readonly start: GoldenTensor;
  /** One row a step. */
  readonly gradients: GoldenTensor;
  /** Size of the mini-batches that a penalty per example is meant for; each has a single real example all the same. */
  readonly batchSize?: number;
}

/** So far below every output that |output − target| always falls with slope 1. */
const FAR_BELOW = -1e30;

/**
 * An engine whose gradient in step k is row k − 1: the weights of one unit, judged by its distance from a target far below, have their
 * input as gradient.
 */
export async function followGradients(one: GoldenCase, on: Surroundings, of: GivenGradients): Promise<Answer> {
  const { name, start, gradients, optimizer, regularize } = of;
  const size = start.data.length;
  const steps = gradients.data.length / size;
  const session = await openSession({
    ...on,
    layers: [{ kind: 'dense', units: 1, bias: false }],
    training: { optimizer, regularize, loss: { kind: 'mae' } },
    batchSize: of.batchSize ?? 1,
    examples: Float32Array.from(gradients.data),
    shape: [size],
    target: { values: new Float32Array(steps).fill(FAR_BELOW), columns: 1 }
  });
  try {
    await session.setParameters({ 'n1.W': start.data });
    const batches = Array.from({ length: steps }, (_, row) => [row]);
    const { seen } = await trajectory(one, session, batches);
    return {
      outputs: Object.fromEntries(seen.map(({ step, parameters }) => [`${name}@${step}`, parameters['n1.W']!]))
    };
  } finally {
    await session.engine.close();
  }
}
