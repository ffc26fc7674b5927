/** Every backend of Node against PyTorch: the golden cases of all that exists. */
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src-worker/backends/backend.ts';
import { schemaOf, type Kinded } from '../../src-worker/contract/fields.ts';
import type { LayerDefinition } from '../../src-worker/layers/layer.ts';
import { layers } from '../../src-worker/layers/table.ts';
import { optimizers } from '../../src-worker/optimizers/table.ts';
import type { Plan } from '../../src-worker/plan/plan.ts';
import { sizeOf } from '../../src-worker/plan/program.ts';
import { nodeBackends } from '../support/backends.ts';
import { follow } from '../support/follow.ts';
import { layerProgram, runCrossEntropy } from '../support/programs.ts';
import { fed } from '../support/plans.ts';
import { openSession, type Session } from '../support/sessions.ts';
import { toHwio, toNhwc } from './layouts.ts';
import { compare, goldenCases, readGolden, type ExpectedTensor, type GoldenCase, type GoldenTensor } from './read.ts';
import { traceSetup, traceStart } from './traces.ts';

function expectClose(got: ArrayLike<number>, expected: ExpectedTensor, name: string): void {
  const { worst, at } = compare(got, expected);
  expect(worst, `${name}[${at}]: ${got[at]} instead of ${expected.data[at]}`).toBeLessThanOrEqual(1);
}

const named = (cases: GoldenCase[]) => cases.map((one) => ({ name: one.name, one }));
const data = (tensor: GoldenTensor | undefined) => tensor!.data;

/** The golden set's names of what exists here, with its settings under our names; null for what does not. */
function optimizerOf({ params }: GoldenCase): Kinded | null {
  const { optimizer, lr, momentum, alpha, rho, betas, eps, weight_decay: decay } = params as unknown as GoldenOptimizer;
  const adam = { learningRate: lr, beta1: betas?.[0], beta2: betas?.[1], eps };
  const rules: Record<string, Record<string, unknown>> = {
    sgd: { kind: 'sgd', learningRate: lr },
    sgd_momentum: { kind: 'momentum', learningRate: lr, momentum },
    nesterov: { kind: 'nesterov', learningRate: lr, momentum },
    adagrad: { kind: 'adagrad', learningRate: lr, initialSum: params['initial_accumulator_value'] ?? 0, eps },
    rmsprop: { kind: 'rmsprop', learningRate: lr, rho: alpha, eps },
    adadelta: { kind: 'adadelta', learningRate: lr, rho, eps },
    adam: { kind: 'adam', ...adam },
    adamw: { kind: 'adamw', ...adam, weightDecay: decay },
    adamax: { kind: 'adamax', ...adam },
    nadam: { kind: 'nadam', ...adam, momentumDecay: params['momentum_decay'] },
    nadam_constant: { kind: 'nadam', ...adam, warmMomentum: false }
  };
  const penalized = decay !== undefined && optimizer !== 'adamw';
  return penalized ? null : ((rules[optimizer] as Kinded | undefined) ?? null);
}

interface GoldenOptimizer {
  readonly optimizer: string;
  readonly lr: number;
  readonly momentum?: number;
  readonly alpha?: number;
  readonly rho?: number;
  readonly betas?: readonly [number, number];
  readonly eps?: number;
  readonly weight_decay?: number;
}

/** `leaky_relu_at_zero` and `gelu_tanh_extreme` belong to the kinds that begin their names. */
const activationOf = ({ name }: GoldenCase) =>
  Object.values(layers).find(
    ({ kind, group, keeps }) =>
      group === 'activation' && !keeps && new RegExp(`^${kind.replace('-', '_')}(_|$)`).test(name)
  );
const activationCases = [...readGolden('layers_activation').cases, ...readGolden('edges').cases].filter(activationOf);
const imageCases = [
  ...goldenCases('layers_conv', 'conv2d'),
  ...['maxpool2d', 'avgpool2d', 'global_avgpool2d'].flatMap((kind) => goldenCases('layers_pool', kind)),
  ...readGolden('edges').cases.filter(({ name }) => name === 'maxpool_ties')
];

function imageLayerOf({ kind, params }: GoldenCase): {
  definition: LayerDefinition;
  settings: Record<string, unknown>;
} {
  if (kind === 'global_avgpool2d') return { definition: layers['global-average-pool']!, settings: {} };
  const {
    kernel,
    stride,
    pad = [0, 0, 0, 0],
    padding
  } = params as { kernel: [number, number]; stride: number; pad?: number[]; padding?: unknown };
  const border = padding === 'same' ? { padding } : { padding: 'explicit', pad: pad[0] };
  const window = { kernel: kernel[0], kernelWidth: kernel[1], stride, ...border };
  if (kind === 'conv2d')
    return { definition: layers['conv2d']!, settings: { ...window, filters: params['filters'], bias: params['bias'] } };
  if (kind === 'avgpool2d')
    return { definition: layers['average-pool']!, settings: { ...window, countBorder: params['count_include_pad'] } };
  return { definition: layers['max-pool']!, settings: window };
}

const lossCases = [
  ...goldenCases('losses', 'softmax_ce').filter(({ params }) => Object.keys(params).length === 0),
  ...readGolden('edges').cases.filter(({ name }) => name === 'softmax_cross_entropy_extreme')
];
const optimizerFile = readGolden('optimizers');
const optimizerCases = optimizerFile.cases.filter(
  (one) => optimizerOf(one) && one.params['problem'] !== 'least_squares'
);
const traces = goldenCases('train_trace', 'train');

it('there are cases of every kind', () => {
  expect([activationCases, lossCases, optimizerCases, traces].map((cases) => cases.length)).toEqual([19, 3, 40, 4]);
});

describe.each(nodeBackends)('%s', (_, backend) => {
  describe('dense', () => {
    it.each(named(goldenCases('layers_dense', 'dense')))('$name', async ({ one: { params, inputs, expected } }) => {
      const [batchSize, columns] = inputs['x']!.shape as [number, number];
      const settings = { units: params['out'], bias: params['bias'] };
      const program = layerProgram({ definition: layers['dense']!, settings, batchSize, inputShape: [columns] })!;
      const { x, w, b, dy } = inputs;
      const given = { x: data(x), W: data(w), dy: data(dy), ...(b && { b: b.data }) };
      const got = await program.run(backend, given);
      for (const [name, ours] of Object.entries({ y: 'y', dx: 'dx', dw: 'dW', db: 'db' }))
        if (expected[name]) expectClose(got[ours]!, expected[name], name);
    });
  });

  describe('convolution and pooling', () => {
    it.each(named(imageCases))('$name', async ({ one }) => {
      const { inputs, expected } = one;
      const { definition, settings } = imageLayerOf(one);
      const [batchSize, channels, height, width] = inputs['x']!.shape as [number, number, number, number];
      const program = layerProgram({ definition, settings, batchSize, inputShape: [height, width, channels] })!;
      const { x, w, b, dy } = inputs;
      const got = await program.run(backend, {
        x: toNhwc(x!),
        dy: toNhwc(dy!),
        ...(w && { W: toHwio(w) }),
        ...(b && { b: b.data })
      });
      for (const [name, ours] of Object.entries({ y: 'y', dx: 'dx', dw: 'dW', db: 'db' }))
        if (expected[name])
          expectClose(
            got[ours]!,
            { ...expected[name], data: name === 'dw' ? toHwio(expected[name]) : toNhwc(expected[name]) },
            name
          );
    });
  });

  describe('sums', () => {
    it.each(named(goldenCases('layers_misc', 'add')))('$name', async ({ one: { inputs, expected } }) => {
      const [batchSize, columns] = inputs['a']!.shape as [number, number];
      const program = layerProgram({ definition: layers['add']!, settings: {}, batchSize, inputShape: [columns] })!;
      const { a, b, dy } = inputs;
      const got = await program.run(backend, { x: data(a), x2: data(b), dy: data(dy) });
      for (const [name, ours] of Object.entries({ y: 'y', da: 'dx', db: 'dx2' }))
        expectClose(got[ours]!, expected[name]!, name);
    });
  });

  describe('activations', () => {
    it.each(named(activationCases))('$name', async ({ one }) => {
      const { inputs, expected, params } = one;
      const shape = inputs['x']!.shape;
      const [batchSize, columns] = shape.length === 2 ? (shape as [number, number]) : [1, shape[0]!];
      const program = layerProgram({
        definition: activationOf(one)!,
        settings: params,
        batchSize,
        inputShape: [columns]
      })!;
      const got = await program.run(backend, { x: data(inputs['x']), dy: data(inputs['dy']) });
      expectClose(got['y']!, expected['y']!, 'y');
      expectClose(got['dx']!, expected['dx']!, 'dx');
    });
  });

  describe('softmax cross-entropy', () => {
    it.each(named(lossCases))('$name', async ({ one: { inputs, expected } }) => {
      const { loss, dlogits } = await runCrossEntropy(backend, data(inputs['logits']), data(inputs['labels']));
      expectClose([loss], expected['loss']!, 'loss');
      expectClose(dlogits, expected['dlogits']!, 'dlogits');
    });
  });

  describe('optimizers', () => {
    it.each(named(optimizerCases))('$name', async ({ one }) => {
      const got =
        one.params['problem'] === 'mlp' ? await trainGivenMlp(backend, one) : await followGivenGradients(backend, one);
      for (const [name, expected] of Object.entries(one.expected)) expectClose(got[name]!, expected, name);
    });
  });

  describe('training', () => {
    it.each(named(traces))('$name', async ({ one }) => {
      const got = await followTrace(backend, one);
      const checked = Object.entries(one.expected).filter(([name]) => name in got);
      expect(checked.map(([name]) => name)).toEqual(
        expect.arrayContaining(['losses', 'b1@1', 'b2@30', 'grad.b1@1', 'loss_all_after', 'correct_all_after'])
      );
      for (const [name, expected] of checked) expectClose(got[name]!, expected, name);
    });
  });
});

/** Mean loss and number of right answers. */
async function measured({ engine, plan }: Session, rows: Int32Array): Promise<{ loss: number; correct: number }> {
  const sums = await engine.evaluate(rows);
  const { loss, correct } = plan.heads[0]!.measures;
  return { loss: sums[loss]! / rows.length, correct: sums[correct!]! };
}

/** The update rule alone: step k takes row k − 1 of g as the gradient. */
async function followGivenGradients(backend: Backend, one: GoldenCase): Promise<Record<string, ArrayLike<number>>> {
  const given = optimizerOf(one)!;
  const definition = optimizers[given.kind]!;
  const { inputs } = optimizerFile.problems!['given_gradients'] as { inputs: Record<string, GoldenTensor> };
  const size = inputs['p']!.data.length;
  const trace = await follow({
    definition,
    settings: schemaOf(given.kind, definition.config).parse(given),
    backend,
    start: data(inputs['p']),
    steps: one.params['steps'] as number,
    gradient: (_, t) => data(inputs['g']).subarray((t - 1) * size, t * size)
  });
  return Object.fromEntries(trace.map(({ w }, index) => [`p@${index + 1}`, w!]));
}

const places = { W1: 0, b1: 1, W2: 2, b2: 3 };

async function trainGivenMlp(backend: Backend, one: GoldenCase): Promise<Record<string, ArrayLike<number>>> {
  const { inputs } = optimizerFile.problems!['mlp'] as { inputs: Record<string, GoldenTensor> };
  const hidden = inputs['W1']!.shape[1]!;
  const classes = inputs['W2']!.shape[1]!;
  const labels = data(inputs['labels']);
  const session = await openSession({
    backend,
    layers: [{ kind: 'dense', units: hidden }, { kind: 'tanh' }, { kind: 'dense', units: classes }],
    optimizer: optimizerOf(one)!,
    examples: data(inputs['X']) as Float32Array,
    labels,
    classes,
    batchSize: labels.length
  });
  const names = session.plan.parameters.map(({ name }) => name);
  await session.setParameters(
    Object.fromEntries(Object.entries(places).map(([golden, at]) => [names[at]!, data(inputs[golden])]))
  );
  const all = Int32Array.from(labels, (_, index) => index);
  const got: Record<string, ArrayLike<number>> = {};
  const losses: number[] = [];
  for (let step = 1; step <= 25; step++) {
    losses.push(await session.step(all));
    const parameters = await session.parameters();
    for (const [golden, at] of Object.entries(places)) got[`${golden}@${step}`] = parameters[names[at]!]!;
  }
  losses.push((await measured(session, all)).loss);
  await session.engine.close();
  return { ...got, losses };
}

async function followTrace(backend: Backend, one: GoldenCase): Promise<Record<string, ArrayLike<number>>> {
  const { layers: network, shape, examples, labels, rows } = traceSetup(one);
  const session = await openSession({
    backend,
    layers: network,
    optimizer: optimizerOf(one)!,
    examples,
    shape,
    labels,
    classes: 10,
    batchSize: rows[0]!.length
  });
  const { plan, engine } = session;
  const start = traceStart(one, network, plan);
  await session.setParameters(Object.fromEntries(start.map(({ parameter, ours }) => [parameter.name, ours])));
  const all = Int32Array.from(labels, (_, index) => index);
  const before = await measured(session, all);
  const got: Record<string, ArrayLike<number>> = {
    loss_all_before: [before.loss],
    correct_all_before: [before.correct],
    ...(await firstGradients())
  };
  const losses: number[] = [];
  for (const [index, batch] of rows.entries()) {
    losses.push(await session.step(batch));
    const parameters = await session.parameters();
    for (const { golden, parameter, toGolden } of start)
      got[`${golden}@${index + 1}`] = toGolden(parameters[parameter.name]!);
  }
  const after = await measured(session, all);
  await engine.close();
  return { ...got, losses, loss_all_after: [after.loss], correct_all_after: [after.correct] };

  /** The plan's own gradient program on the first batch. */
  async function firstGradients(): Promise<Record<string, ArrayLike<number>>> {
    const [batch, size] = [rows[0]!, sizeOf(shape)];
    const images = Array.from(batch, (row) => Array.from(examples.subarray(row * size, (row + 1) * size)));
    const inputs = new Map<Plan['input'], ArrayLike<number>>([
      [plan.input, images.flat()],
      [fed(plan, 'label'), Int32Array.from(batch, (row) => labels[row]!)],
      [plan.weight, new Float32Array(batch.length).fill(1 / batch.length)]
    ]);
    for (const { parameter, ours } of start) inputs.set(parameter.value, ours);
    const program = { batchSize: batch.length, tensors: plan.tensors, ops: plan.gradients };
    const results = await backend.run(program, inputs);
    return Object.fromEntries(
      start.map(({ golden, parameter, toGolden }) => [`grad.${golden}@1`, toGolden(results.get(parameter.gradient)!)])
    );
  }
}
