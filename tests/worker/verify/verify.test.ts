/** The runner of golden cases finds what is wrong, takes every shape the format allows, and says what it does not know. */
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../../src-worker/backends/backend.ts';
import { referenceBackend } from '../../../src-worker/backends/reference/reference.ts';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { Op } from '../../../src-worker/plan/program.ts';
import { formula } from '../../../src-worker/plan/builder.ts';
import type { ExpectedTensor, GoldenCase, GoldenFile, GoldenTensor } from '../../../src-worker/verify/golden.ts';
import { permuted } from '../../../src-worker/verify/layouts.ts';
import { runCase, verify } from '../../../src-worker/verify/verify.ts';
import { casesOf, goldenCopy, goldenFiles } from '../../golden/read.ts';
import { plainHost } from '../../support/backends.ts';

const files = await goldenFiles(goldenCopy);
const listed = casesOf(files);
const reference = referenceBackend();
const options = (backend: Backend = reference) => ({ backend, host: plainHost, threads: 1, files });

const named = (name: string) => listed.find(({ one }) => one.name === name)!.one;
const run = (one: GoldenCase, backend?: Backend) => {
  const file: GoldenFile = files.find(({ cases }) => cases.includes(one)) ?? files[0]!;
  return runCase(file, one, options(backend));
};
/** The same case with its expected tensors changed. */
const expecting = (one: GoldenCase, change: (tensor: ExpectedTensor, name: string) => ExpectedTensor): GoldenCase => ({
  ...one,
  expected: Object.fromEntries(Object.entries(one.expected).map(([name, tensor]) => [name, change(tensor, name)]))
});

/** One case of every kind, the smallest: that is the fastest. */
const smallest = Object.values(
  Object.groupBy(listed, ({ one }) => `${one.kind} ${String(one.params['problem'] ?? '')}`)
).map((cases) => cases!.reduce((a, b) => (sizeOf(a.one) <= sizeOf(b.one) ? a : b)));
function sizeOf({ inputs, expected }: GoldenCase): number {
  return [...Object.values(inputs), ...Object.values(expected)].reduce((sum, { data }) => sum + data.length, 0);
}

describe('a value that is off by more than its tolerance', () => {
  it.each(smallest.filter(({ one }) => Object.keys(one.expected).length > 0))(
    'fails $one.kind, whatever the output: $name',
    async ({ one }) => {
      const result = await run(
        expecting(one, (tensor) => ({ ...tensor, data: moved(tensor, tensor.data.length - 1) }))
      );
      const missed = result.status === 'failed' ? result.mismatches.map(({ output }) => output) : [];
      expect(missed.sort()).toEqual(Object.keys(one.expected).sort());
    }
  );

  /** The last value, moved by three tolerances; an exact one by 1, one without any tolerance by a thousandth. */
  function moved({ data, dtype, atol, rtol }: ExpectedTensor, at: number): ExpectedTensor['data'] {
    const copy = data.slice();
    const tolerance = atol + rtol * Math.abs(copy[at]!);
    copy[at]! += dtype === 'i32' ? 1 : Math.max(3 * tolerance, tolerance === 0 ? 1e-3 : 0, 4e-7 * Math.abs(copy[at]!));
    return copy;
  }
});

describe('a layer that computes something else', () => {
  /** A backend that does something else for some operations. */
  const faulty = (change: (op: Op) => Op): Backend => ({
    ...reference,
    run: (program, inputs) => reference.run({ ...program, ops: program.ops.map(change) }, inputs),
    prepare: (of) => reference.prepare({ ...of, plan: { ...of.plan, gradients: of.plan.gradients.map(change) } })
  });

  it('fails its case and leaves others alone', async () => {
    const noBias = faulty((op) => (op.op === 'conv2d' ? { ...op, bias: null } : op));
    const result = await run(named('conv2d_k3_s2_same'), noBias);
    expect(result).toMatchObject({ status: 'failed', mismatches: [{ output: 'y' }] });
    expect(await run(named('maxpool_k2_s2'), noBias)).toMatchObject({ status: 'passed' });
  });

  it('fails a training run from the first gradient on', async () => {
    const halved = faulty((op) =>
      op.op === 'map' && op.formula === formula('dx = select(y, dy, 0)')
        ? { ...op, formula: formula('dx = select(y, dy * 0.5, 0)') }
        : op
    );
    const result = await run(named('train_mlp_sgd_momentum'), halved);
    const outputs = result.status === 'failed' ? result.mismatches.map(({ output }) => output) : [];
    expect(outputs).toContain('grad.W1@1');
    expect(outputs).toContain('losses');
    expect(outputs).not.toContain('loss_all_before');
  });
});

describe('cases of other shapes', () => {
  const reshaped = ({ dtype, data }: GoldenTensor, shape: number[]) => ({ dtype, data, shape });
  const reshape = <T extends GoldenTensor>(tensors: Readonly<Record<string, T>>, to: (shape: number[]) => number[]) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [name, { ...tensor, ...reshaped(tensor, to(tensor.shape)) }])
    );
  const passes = async (one: GoldenCase) => expect(await run(one)).toMatchObject({ status: 'passed' });
  const changed = (one: GoldenCase, to: (shape: number[]) => number[], params: object = {}): GoldenCase => ({
    ...one,
    params: { ...one.params, ...params },
    inputs: reshape(one.inputs, to),
    expected: reshape(one.expected, to)
  });
  /** All tensors of the case with their axes in another order. */
  const turned = (one: GoldenCase, order: number[], params: Record<string, unknown>): GoldenCase => {
    const turn = <T extends GoldenTensor>(tensor: T): T => {
      const { shape, toOurs } = permuted(tensor.shape, order);
      return { ...tensor, shape: [...shape], data: toOurs(tensor.data) };
    };
    const all = <T extends GoldenTensor>(tensors: Readonly<Record<string, T>>) =>
      Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, turn(tensor)]));
    return { ...one, params, inputs: all(one.inputs), expected: all(one.expected) };
  };

  it('takes activations of one, three and four axes', async () => {
    await passes(changed(named('gelu_tanh'), () => [36]));
    await passes(changed(named('elu_0.5'), () => [4, 3, 3]));
    await passes(changed(named('leaky_relu_0.2'), () => [2, 2, 3, 3]));
  });

  it('takes softmax along the first axis, and along the channels of images', async () => {
    await passes(turned(named('softmax'), [1, 0], { axis: 0 }));
    await passes(
      turned(
        changed(named('log_softmax'), () => [5, 1, 7]),
        [0, 2, 1],
        { axis: 1 }
      )
    );
    await passes(
      turned(
        changed(named('softmax'), () => [1, 5, 7]),
        [0, 2, 1],
        { axis: -2 }
      )
    );
  });

  it('takes dense layers over more than one axis of examples', async () => {
    await passes(
      changed(named('dense_batch'), (shape) => (shape[0] === 16 && shape.length === 2 ? [4, 4, shape[1]!] : shape))
    );
  });

  it('takes batch, instance and group norm of rows of channels', async () => {
    const merged = (shape: number[]) => (shape.length === 4 ? [shape[0]!, shape[1]!, shape[2]! * shape[3]!] : shape);
    for (const name of ['batchnorm_train_conv', 'batchnorm_eval_conv_eps', 'instancenorm_b', 'groupnorm_g2'])
      await passes(changed(named(name), merged));
  });

  it('takes layer norm over the last of three axes', async () => {
    await passes(changed(named('layernorm_dense'), (shape) => (shape.length === 2 ? [2, 3, 8] : shape)));
  });

  it('takes concatenation along the last axis', async () => {
    await passes(turned(named('concat_channels3'), [0, 2, 3, 1], { axis: 3, inputs: ['a', 'b', 'c'] }));
  });

  it('takes pooling of a single image', async () => {
    await passes(changed(named('maxpool_k3_s2_p1'), (shape) => shape.slice(1)));
  });

  it('takes borders that differ from side to side', async () => {
    // The public case of stride 2 and “same” has the border [0, 1, 1, 1]; said by numbers alone it is no setting of a layer.
    const { padding: _, ...params } = named('conv2d_k3_s2_same').params;
    await passes({ ...named('conv2d_k3_s2_same'), params });
    // More border at the bottom than any window reaches changes nothing.
    const ragged = named('conv2d_k3_s2_valid_ragged');
    await passes({ ...ragged, params: { ...ragged.params, padding: 'explicit', pad: [0, 0, 0, 0] } });
    await passes({ ...named('maxpool_k2_s2'), params: { kernel: 2, stride: [2, 2], pad: 0 } });
  });

  it('finds what an edge case computes by its source where its name says nothing', async () => {
    const files = listed.filter(({ file }) => file.file === 'edges.json');
    for (const { one } of files.filter(({ one }) => !/penalty/.test(one.name)))
      await passes({ ...one, name: 'nameless' });
  });
});

describe('other ways to say the same', () => {
  const passes = async (one: GoldenCase, params: object = one.params) =>
    expect(await run({ ...one, params: { ...params } })).toMatchObject({ status: 'passed' });

  it('takes a window as one number, two or four, a border by name or in cells', async () => {
    const ragged = named('maxpool_k2_s2_ragged');
    for (const params of [{ kernel: 2 }, { kernel: [2], stride: null }, { kernel_size: [2, 2], padding: 'VALID' }])
      await passes(ragged, params);
    const same = named('conv2d_k3_s1_same');
    for (const border of [{ padding: 'same' }, { padding: [1, 1] }, { pad: 1 }, { padding: [1, 1, 1, 1] }])
      await passes(same, border);
    await passes(same, { pad: [1, 1, 1, 1], padding: 'explicit', dilation: [1, 1], groups: 1, stride: [1, 1] });
  });

  it('takes the names and the standards of PyTorch', async () => {
    const leaky = named('leaky_relu_0.2');
    await passes(leaky, { negative_slope: 0.2 });
    await passes(leaky, { alpha: 0.2 });
    await passes(named('leaky_relu_0.01'), {});
    await passes(named('elu_1'), {});
    await passes(named('gelu_exact'), {});
    await passes(named('softmax'), { dim: 1 });
    await passes(named('batchnorm_train_dense'), {});
    await passes(named('huber_1'), {});
    const { optimizer, problem, steps } = named('nadam_a_mlp').params;
    await passes(named('adam_a_mlp'), { optimizer: 'adam', problem, steps, lr: named('adam_a_mlp').params['lr'] });
    expect(optimizer).toBe('nadam');
  });

  it('joins rows', async () => {
    const row = (data: number[]): GoldenTensor => ({
      dtype: 'f32',
      shape: [data.length],
      data: Float32Array.from(data)
    });
    const expected = (data: number[]): ExpectedTensor => ({ ...row(data), atol: 0, rtol: 0 });
    const one: GoldenCase = {
      ...named('concat_channels3'),
      inputs: { a: row([1, 2]), b: row([3]), dy: row([7, 8, 9]) },
      expected: { y: expected([1, 2, 3]), da: expected([7, 8]), db: expected([9]) }
    };
    for (const axis of [0, -1]) await passes(one, { axis });
  });

  it('takes softmax of a single value', async () => {
    const one = named('softmax');
    const single = (data: number[]) => ({ dtype: 'f32' as const, shape: [2, 1], data: Float32Array.from(data) });
    const [x, exact] = [single([3, -2]), { atol: 0, rtol: 0 }];
    await passes({
      ...one,
      inputs: { x, dy: x },
      expected: { y: { ...single([1, 1]), ...exact }, dx: { ...single([0, 0]), ...exact } }
    });
  });

  it('runs forward alone where nothing comes back', async () => {
    const forward = listed.filter(({ one }) => 'dy' in one.inputs && 'y' in one.expected);
    expect(forward.length).toBeGreaterThan(70);
    for (const { one } of forward) {
      const { dy: _, ...inputs } = one.inputs;
      const { y } = one.expected;
      await passes({ ...one, inputs, expected: { y: y! } });
    }
  });

  it('counts more classes than a byte holds', async () => {
    const one = named('softmax_ce_one_sample');
    const wide = <T extends GoldenTensor>(tensor: T, at: number, fill: number): T => {
      const data = new Float32Array(300).fill(fill);
      data.set(tensor.data, at);
      return { ...tensor, shape: [1, 300], data };
    };
    const [logits, labels] = [one.inputs['logits']!, one.inputs['labels']!];
    const moved = { ...labels, data: Int32Array.of(labels.data[0]! + 280) };
    const shifted: GoldenCase = {
      ...one,
      inputs: { logits: wide(logits, 280, -1e30), labels: moved },
      expected: { ...one.expected, dlogits: wide(one.expected['dlogits']!, 280, 0) }
    };
    await passes(shifted);
    const beyond = { ...shifted, inputs: { ...shifted.inputs, labels: { ...labels, data: Int32Array.of(300) } } };
    expect(await run(beyond)).toMatchObject({ status: 'unsupported', why: 'label 300 at 0 is none of 300 classes' });
  });

  it('reads what a penalty or a decay is from its words, whatever else the name says', async () => {
    const renamed = (name: string, to: Partial<GoldenCase>) => passes({ ...named(name), ...to });
    await renamed('l2_course', { name: 'l2_course_b' });
    await renamed('l1_plain', { name: 'l1_other' });
    await renamed('l1_course', { name: 'second_penalty' });
    await renamed('l2_plain', { name: 'second_penalty' });
    await renamed('sgd_decoupled_update', { name: 'sgd_decoupled_b', source: '' });
    await renamed('adamw_decoupled_update', { name: 'b_adamw', description: '' });
    await renamed('adam_l2_coupled_update', { name: 'adam_coupled_b', description: '' });
    await renamed('relu_at_zero', { name: 'second_relu_at_zero_2', source: 'closed form' });
    await renamed('softmax_cross_entropy_extreme', { name: 'b_softmax_cross_entropy_extreme', source: '' });
    await renamed('clip_norm_zero_gradient', { name: 'clip_norm_zero_gradient_b', source: '' });
    await renamed('batchnorm_eval_dense', { kind: 'extreme', name: 'batchnorm_eval_far' });
    const mute = { ...named('l1_plain'), name: 'penalty', description: '', source: '' };
    expect(await run(mute)).toMatchObject({ status: 'unsupported', why: expect.stringMatching(/l1 or l2$/) });
  });
});

describe('what nobody takes into account', () => {
  it.each([
    ['conv2d_k3_s1_valid', { dilation: 2 }, /params\.dilation = 2/],
    ['conv2d_k3_s1_valid', { groups: [1, 2] }, /params\.groups = \[1,2\]/],
    ['maxpool_k2_s2', { ceil_mode: true }, /params\.ceil_mode = true/],
    ['maxpool_k2_s2', { count_include_pad: false }, /params\.count_include_pad = false/],
    ['mse', { reduction: 'sum' }, /params\.reduction = "sum"/],
    ['softplus', { beta: 2 }, /params\.beta = 2/],
    ['sgd_a_mlp', { momentum: 0.5 }, /params\.momentum = 0\.5/],
    ['adam_a_mlp', { amsgrad: true }, /params\.amsgrad = true/]
  ])('makes %s unsupported with %j', async (name, params, why) => {
    const one = named(name);
    expect(await run({ ...one, params: { ...one.params, ...params } })).toMatchObject({
      status: 'unsupported',
      why: expect.stringMatching(why)
    });
  });

  it('makes a case with one more input unsupported, soft targets with class weights too', async () => {
    const [mse, soft, hard] = ['mse', 'softmax_ce_soft_targets', 'softmax_ce_class_weights'].map(named);
    const more = { ...mse!, inputs: { ...mse!.inputs, weight: mse!.inputs['pred']! } };
    expect(await run(more)).toMatchObject({ status: 'unsupported', why: expect.stringMatching(/inputs\.weight/) });
    const weighted = { ...soft!, inputs: { ...soft!.inputs, class_weights: hard!.inputs['class_weights']! } };
    expect(await run(weighted)).toMatchObject({ status: 'unsupported', why: expect.stringMatching(/sum of weights/) });
  });

  it('does not pass soft targets with label smoothing for those without', async () => {
    const one = named('softmax_ce_soft_targets');
    expect(await run({ ...one, params: { label_smoothing: 0.1 } })).toMatchObject({ status: 'failed', error: null });
  });
});

describe('a network in words', () => {
  it('pools windows that lie side by side where it does not say', async () => {
    const one = named('train_cnn_sgd_momentum');
    const network = (one.params['network'] as string[]).map((text) => text.replace('2x2 stride 2', '2x2'));
    expect(network.filter((text) => text === 'maxpool 2x2')).toHaveLength(2);
    expect(await run({ ...one, params: { ...one.params, network } })).toMatchObject({ status: 'passed' });
    const overlapping = network.map((text) => text.replace('2x2', '2x2 stride 1'));
    expect(await run({ ...one, params: { ...one.params, network: overlapping } })).toMatchObject({ status: 'failed' });
  });

  it('pools so in a table of sizes, too', async () => {
    const one = listed.find(
      ({ one: { kind, params } }) => kind === 'network_table' && /pool1 f2 s2/.test(`${params['layers']}`)
    );
    const layers = (one!.one.params['layers'] as string[]).map((text) => text.replace('f2 s2', 'f2'));
    expect(await run({ ...one!.one, params: { ...one!.one.params, layers } })).toMatchObject({ status: 'passed' });
  });
});

describe('what is not known', () => {
  it('is unsupported, with the reason', async () => {
    const relu = named('relu');
    expect(await run({ ...relu, kind: 'swish' })).toEqual({
      ...{ file: expect.any(String), name: 'relu', kind: 'swish', status: 'unsupported' },
      why: 'cases of the kind “swish” are not known here'
    });
    const lion = { ...named('adam_a_mlp').params, optimizer: 'lion' };
    expect(await run({ ...named('adam_a_mlp'), params: lion })).toMatchObject({
      status: 'unsupported',
      why: 'there is no optimizer “lion” here'
    });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['leaky_relu_0.2', { slope: 7 }, /^no setting here is like this: slope: .*<=1/],
    ['huber_1', { delta: -1 }, /^no setting here is like this: delta: .*>0/],
    ['adam_a_mlp', { betas: [1.5, 0.999] }, /training\.optimizer\.beta1: must be less than 1 \(found 1\.5\)/],
    ['train_cnn_adam', { network: ['conv 4 filters 3x3 same', 'maxpool'] }, /“maxpool” does not say how large/],
    ['train_cnn_adam', { network: ['conv 4 filters 99x99'] }, /network\.nodes\.n1\.kernel: must be at most 64/]
  ])('is a setting that cannot be, as of %s with %j', async (name, params, why) => {
    const one = named(name);
    expect(await run({ ...one, params: { ...one.params, ...params } })).toMatchObject({
      status: 'unsupported',
      why: expect.stringMatching(why)
    });
  });

  it('is what a backend refuses, in its own words', async () => {
    const refusing: Backend = {
      ...reference,
      run: () => Promise.reject(new LabError('backend_unavailable', 'No such operation.'))
    };
    expect(await run(named('relu'), refusing)).toMatchObject({ status: 'unsupported', why: 'No such operation.' });
  });

  it('fails a case that cannot be run as it stands, and the others go on', async () => {
    const relu = named('relu');
    const { dy: _, ...inputs } = relu.inputs;
    const extra = { ...relu, expected: { ...relu.expected, d2x: relu.expected['dx']! } };
    const cases = [
      { ...relu, inputs },
      extra,
      expecting(relu, (t) => ({ ...t, shape: [1], data: t.data.slice(0, 1) })),
      relu
    ];
    const results = await verify({ ...options(), files: [{ ...files[0]!, cases }] });
    expect(results.map((result) => [result.status, 'error' in result ? result.error : null])).toEqual([
      ['failed', 'Nothing here computes the expected “dx” from x'],
      ['failed', 'Nothing here computes the expected “d2x” from x, dy'],
      ['failed', '“y” has 36 values instead of 1'],
      ['passed', null]
    ]);
  });
});
