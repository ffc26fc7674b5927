/** Which values of a shard share memory with others, and with those of the next shard. */
import { describe, expect, it } from 'vitest';
import { overlay } from '../../../src-worker/backends/wasm/lifetimes.ts';
import { cutPlan } from '../../../src-worker/backends/wasm/phases.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../../src-worker/plan/make-plan.ts';
import { sizeOf, type Tensor } from '../../../src-worker/plan/program.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';
import { planOf, smallExperiments } from '../../support/experiments.ts';

const cnn = makePlan(checkExperiment(presetSpec('small-cnn'), describedDatasets).experiment!, {
  shape: [28, 28, 1],
  classes: 10,
  values: []
});
const plans = [
  { title: 'small-cnn', plan: cnn },
  ...smallExperiments.map((experiment) => ({ title: experiment.title, plan: planOf(experiment) }))
];
const bytesOf = ({ shape }: Tensor) => 4 * sizeOf(shape);

describe('values that a shard needs only while it is at work', () => {
  it.each(plans)('share no byte while both are in use: $title', ({ plan }) => {
    const { passing } = cutPlan(plan);
    const { places } = overlay(passing, bytesOf);
    const placed = passing.flatMap(({ tensor, spans }) =>
      spans.map((span) => ({
        ...span,
        at: places.get(tensor.id)!,
        end: places.get(tensor.id)! + bytesOf(tensor),
        tensor
      }))
    );
    for (const one of placed)
      for (const other of placed) {
        if (one.tensor === other.tensor || one.to < other.from || other.to < one.from) continue;
        expect(one.end <= other.at || other.end <= one.at, `${one.tensor.name} and ${other.tensor.name}`).toBe(true);
      }
  });

  it('take less than every value in a place of its own', () => {
    const { passing } = cutPlan(cnn);
    const used = passing.filter(({ spans }) => spans.length > 0);
    const apart = used.reduce((sum, { tensor }) => sum + bytesOf(tensor), 0);
    expect(overlay(passing, bytesOf).bytes).toBeLessThan(0.75 * apart);
  });

  it('leave out what others read, what is filled from outside, and what is needed again behind a barrier', () => {
    const plan = planOf(smallExperiments.find(({ title }) => title === 'batch norm of images')!);
    const passing = new Set(cutPlan(plan).passing.map(({ tensor }) => tensor.id));
    const own = [
      ...plan.feeds.map(({ tensor }) => tensor),
      ...plan.measures,
      ...plan.heads.map(({ output }) => output)
    ];
    for (const { id } of own) expect(passing.has(id)).toBe(false);
    const byName = (name: string) => plan.tensors.find((tensor) => tensor.name === name)!.id;
    expect(passing.has(byName('n1.y'))).toBe(false);
    expect(passing.has(byName('n4.y'))).toBe(true);
  });
});
