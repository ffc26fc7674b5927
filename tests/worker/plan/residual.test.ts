/** Networks with branches: a gradient is the sum of what every branch gives back. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../src-worker/backends/reference/reference.ts';
import { randomStream } from '../../../src-worker/data/random.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../../src-worker/plan/make-plan.ts';
import { sizeOf, type Tensor } from '../../../src-worker/plan/program.ts';
import { nodeBackends } from '../../support/backends.ts';
import { fed } from '../../support/plans.ts';
import { describedDatasets } from '../../support/datasets.ts';

const [BATCH, CLASSES, SHAPE] = [3, 3, [5, 4, 2]];
const STEP = 1e-5;
const oracle = referenceBackend('float64');

/** A block with two shortcuts, one of them the image itself, and a second branch behind it that skips a view. */
const nodes = [
  { id: 'image', kind: 'input' },
  { id: 'c1', kind: 'conv2d', filters: 2, padding: 'same' },
  { id: 'a1', kind: 'tanh' },
  { id: 'c2', kind: 'conv2d', filters: 2, padding: 'same', bias: false },
  { id: 'sum', kind: 'add' },
  { id: 'pool', kind: 'average-pool' },
  { id: 'flat', kind: 'flatten' },
  { id: 'h', kind: 'dense', units: 8 },
  { id: 'sum2', kind: 'add' },
  { id: 'out', kind: 'dense', units: CLASSES }
];
const edges = [
  ['image', 'c1'],
  ['c1', 'a1'],
  ['a1', 'c2'],
  ['c1', 'sum'],
  ['c2', 'sum'],
  ['image', 'sum'],
  ['sum', 'pool'],
  ['pool', 'flat'],
  ['flat', 'h'],
  ['flat', 'sum2'],
  ['h', 'sum2'],
  ['sum2', 'out']
];
const classes = Array.from({ length: CLASSES }, (_, c) => `${c}`);
const check = (network: { nodes: readonly object[]; edges: readonly (readonly string[])[] }) =>
  checkExperiment(
    { version: 1, name: 'residual', data: { dataset: 'images' }, network, training: { batchSize: BATCH } },
    [{ ...describedDatasets[0]!, name: 'images', shape: SHAPE, classes }]
  );
const plan = makePlan(check({ nodes, edges }).experiment!, { shape: SHAPE, classes: CLASSES, values: [] });
const program = { batchSize: BATCH, tensors: plan.tensors, ops: plan.gradients };

function draw(tensor: Tensor): Float64Array {
  const random = randomStream(3, `init/${tensor.name}`);
  const size = sizeOf(tensor.shape) * (tensor.perExample ? BATCH : 1);
  return Float64Array.from({ length: size }, () => Math.fround(random.normal() / 2));
}
const inputs = new Map<Tensor, Float64Array>([
  [plan.input, draw(plan.input)],
  [fed(plan, 'label'), Float64Array.of(0, 2, 1)],
  [plan.weight, new Float64Array(BATCH).fill(1 / BATCH)],
  ...plan.parameters.map(({ value }) => [value, draw(value)] as const)
]);

describe('a residual network', () => {
  it('has the gradients that central differences measure', async () => {
    const analytic = await oracle.run(program, inputs);
    const meanLoss = async () => {
      const losses = (await oracle.run(program, inputs)).get(plan.measures[plan.heads[0]!.measures.loss]!)!;
      return Array.from(losses).reduce((sum, loss) => sum + loss / BATCH, 0);
    };
    for (const { name, value, gradient, size } of plan.parameters)
      for (let i = 0; i < size; i += 3) {
        const values = inputs.get(value)!;
        const kept = values[i]!;
        values[i] = kept + STEP;
        const up = await meanLoss();
        values[i] = kept - STEP;
        const down = await meanLoss();
        values[i] = kept;
        const numeric = (up - down) / (2 * STEP);
        expect(Math.abs(analytic.get(gradient)![i]! - numeric), `${name}[${i}]`).toBeLessThan(1e-8);
        expect(Math.abs(numeric), `${name}[${i}]`).toBeGreaterThan(0);
      }
  });

  it.each(nodeBackends)('has the same gradients on %s', async (_, backend) => {
    const [got, wanted] = [await backend.run(program, inputs), await oracle.run(program, inputs)];
    for (const { name, gradient } of plan.parameters) {
      const largest = Math.max(...wanted.get(gradient)!.map(Math.abs));
      const differences = Array.from(wanted.get(gradient)!, (value, i) => Math.abs(got.get(gradient)![i]! - value));
      expect(Math.max(...differences) / largest, name).toBeLessThan(3e-6);
    }
  });

  it('is refused where the branches differ in shape, with what to do', () => {
    const wider = nodes.map((node) => (node.id === 'c2' ? { ...node, filters: 3 } : node));
    expect(check({ nodes: wider, edges }).problems).toMatchObject([
      {
        path: 'network.nodes.sum',
        why: expect.stringContaining('5×4×2 and 5×4×3'),
        remedy: expect.stringMatching(/kernel 1/)
      }
    ]);
  });

  it('is refused where a sum has a single wire', () => {
    const single = edges.filter(([from, to]) => !(to === 'sum2' && from === 'h'));
    const without = nodes.filter(({ id }) => id !== 'h');
    const problems = check({ nodes: without, edges: single.filter(([, to]) => to !== 'h') }).problems;
    expect(problems).toMatchObject([{ path: 'network.nodes.sum2', why: expect.stringContaining('2–16 wires') }]);
  });
});
