import { describe, expect, it } from 'vitest';
import { experimentSchema } from '../../../src-worker/contract/experiment.ts';
import type { EpochEvent, StepsEvent } from '../../../src-worker/contract/run.ts';
import { describeHealth } from '../../../src-worker/health/describe.ts';
import { HealthWatch } from '../../../src-worker/health/watch.ts';
import { healthEventSchema, healthRuleIds } from '../../../src-worker/contract/health.ts';
import { healthRules } from '../../../src-worker/health/table.ts';
import { chain, dense } from '../../health/case.ts';
import { lookOf, type Layer } from '../../support/looks.ts';

/** n0 input, n1 dense, n2 the activation, n3 dense, n4 the activation, n5 dense. */
const experimentOf = (activation: string) =>
  experimentSchema.parse(chain('xor', [dense(8), activation, dense(8), activation, dense(2)]));
const watchOf = (activation = 'relu', stepsPerEpoch = 32) =>
  new HealthWatch({ experiment: experimentOf(activation), stepsPerEpoch });

const network = (activation: string, change: { readonly [at: number]: Partial<Layer> } = {}): Layer[] =>
  ['input', 'dense', activation, 'dense', activation, 'dense'].map((kind, at) => ({
    kind,
    ...(kind === 'dense' && { ratio: 1e-3 }),
    ...change[at]
  }));

/** Looks with the same change in turn, one event each; answers what each look has found, as `rule node`. */
function look(watch: HealthWatch, activation: string, changes: readonly { readonly [at: number]: Partial<Layer> }[]) {
  return changes.map((change, step) =>
    watch.hear(lookOf(step, network(activation, change))).map(({ rule, node }) => `${rule} ${node}`)
  );
}

const steps = (from: number, loss: readonly (number | null)[]): StepsEvent => ({
  ...{ type: 'steps', from, loss: [...loss], accuracy: loss.map(() => null), seconds: 0 }
});
const epoch = (number: number, train: number, dev: number): EpochEvent => ({
  ...{ type: 'epoch', epoch: number, step: 32 * number, seconds: 0 },
  train: { loss: train, accuracy: null },
  dev: { loss: dev, accuracy: null }
});

describe('a watch over the health of a run', () => {
  it('has nothing to say of layers that are well', () => {
    expect(look(watchOf(), 'relu', [{}, {}, {}])).toEqual([[], [], []]);
  });

  it.each([
    ['exploding-gradients n1', 'relu', { 1: { gradient: 101 } }, { 1: { gradient: 99 } }],
    ['vanishing-gradients n1', 'relu', { 1: { gradient: 0.9e-3 } }, { 1: { gradient: 1.1e-3 } }],
    ['vanishing-gradients n1', 'relu', { 1: { gradient: 0 } }, { 1: { gradient: 0.1 } }],
    ['dead-relu n4', 'relu', { 4: { units: { count: 10, dead: 6 } } }, { 4: { units: { count: 10, dead: 5 } } }],
    ['saturation n2', 'tanh', { 2: { saturated: 0.81 } }, { 2: { saturated: 0.79 } }],
    ['large-updates n3', 'relu', { 3: { ratio: 0.11 } }, { 3: { ratio: 0.09 } }]
  ])('finds %s when two looks in a row show it', (finding, activation, bad, good) => {
    expect(look(watchOf(activation), activation, [bad, good, good])).toEqual([[], [], []]);
    expect(look(watchOf(activation), activation, [bad, bad])).toEqual([[], [finding]]);
    expect(look(watchOf(activation), activation, [good, good, bad, bad, bad])).toEqual([[], [], [], [finding], []]);
  });

  it('tells of it once, however it comes and goes about the threshold, and again when it was over', () => {
    const dead = (count: number) => ({ 2: { units: { count: 100, dead: count } } });
    const watch = watchOf();
    const told = look(watch, 'relu', [70, 70, 58, 61, 70, 57, 65, 65, 50, 65, 65].map(dead));
    const found = ['dead-relu n2'];
    expect(told).toEqual([[], found, [], [], [], [], [], [], [], [], found]);
  });

  it('tells of every layer by itself where a layer is to be mended, and of one where the network is', () => {
    const dead = { units: { count: 8, dead: 8 } };
    expect(look(watchOf(), 'relu', [{ 2: dead }, { 2: dead }, { 2: dead, 4: dead }, { 2: dead, 4: dead }])).toEqual([
      ...[[], ['dead-relu n2'], [], ['dead-relu n4']]
    ]);
    const lost = { gradient: 0 };
    expect(
      look(watchOf(), 'relu', [
        { 1: lost, 3: lost },
        { 1: lost, 3: lost }
      ])[1]
    ).toEqual(['vanishing-gradients n1']);
  });

  it('leaves an output alone that saturates, and few units, and a gradient that has gone everywhere', () => {
    const watch = new HealthWatch({
      experiment: experimentSchema.parse(chain('xor', [dense(3), 'relu', dense(1), 'sigmoid'])),
      stepsPerEpoch: 10
    });
    const layers: Layer[] = [
      { kind: 'input' },
      { kind: 'dense', ratio: 1e-3, gradient: 0 },
      { kind: 'relu', units: { count: 3, dead: 3 }, gradient: 0 },
      { kind: 'dense', ratio: 1e-3, gradient: 0 },
      { kind: 'sigmoid', saturated: 1, gradient: 0 }
    ];
    for (let step = 0; step < 4; step++) expect(watch.hear(lookOf(step, layers))).toEqual([]);
  });

  it('finds updates that are too small only as long as nothing was learned', () => {
    const tiny = network('relu', { 1: { ratio: 1e-7 }, 3: { ratio: 1e-7 }, 5: { ratio: 9e-6 } });
    const hear = (losses: number[]) => {
      const watch = watchOf();
      watch.hear(lookOf(0, network('relu'), 2));
      watch.hear(steps(1, losses));
      return [8, 9].flatMap((step) => watch.hear(lookOf(step, tiny))).map(({ rule, values }) => [rule, values]);
    };
    expect(hear(Array<number>(8).fill(1.99))).toEqual([['small-updates', { ratio: 9e-6 }]]);
    expect(hear(Array<number>(8).fill(1.7))).toEqual([]);
  });

  it('finds a loss that goes back up, at the step where it is plain', () => {
    const watch = watchOf('relu', 32); // strips of 4 steps
    const strip = (loss: number) => [loss - 0.01, loss, loss, loss + 0.01];
    watch.hear(lookOf(0, network('relu'), 1));
    expect(watch.hear(steps(1, [1, 0.8, 0.6, 0.5, 0.5].flatMap(strip)))).toEqual([]);
    const found = watch.hear(steps(21, [0.72, 0.74, 0.8, 0.68, 0.71].flatMap(strip)));
    expect(found).toEqual([
      { type: 'health', rule: 'loss-rising', node: null, step: 28, values: { from: 0.5, to: 0.74 } }
    ]);
    expect(watch.hear(steps(41, [0.5, 0.8].flatMap(strip)))).toEqual([]);
    expect(watch.hear(steps(49, strip(0.8)))).toHaveLength(1);
  });

  it('takes what mini-batches differ by for no rise, and one strip far above the start for one', () => {
    const noisy = watchOf('relu', 32);
    noisy.hear(lookOf(0, network('relu'), 1));
    const swing = [0.2, 1.4, 0.1, 1.5];
    expect(
      noisy.hear(steps(1, [...swing, ...swing.map((loss) => loss + 0.3), ...swing.map((loss) => loss + 0.25)]))
    ).toEqual([]);
    const leapt = watchOf('relu', 32);
    leapt.hear(lookOf(0, network('relu'), 1));
    expect(leapt.hear(steps(1, [1, 80, 1, 1, 1, 1, 1, 1])).map(({ rule, step }) => [rule, step])).toEqual([
      ['loss-rising', 8]
    ]);
  });

  it('finds that nothing is learned where two epochs end alike, on both sets and near the first loss', () => {
    const hear = (...epochs: EpochEvent[]) => {
      const watch = watchOf();
      watch.hear(lookOf(0, network('relu'), 2.3));
      return epochs.flatMap((one) => watch.hear(one)).map(({ rule, values }) => [rule, values]);
    };
    expect(hear(epoch(1, 2.31, 2.3), epoch(2, 2.3, 2.3))).toEqual([['no-learning', { epochs: 2, loss: 2.3 }]]);
    expect(hear(epoch(1, 2.31, 2.3), epoch(2, 2.3, 2.26))).toEqual([]);
    expect(hear(epoch(1, 0.31, 0.3), epoch(2, 0.31, 0.3))).toEqual([]);
  });

  it('finds overfitting by the gap, by a rise on dev, and neither in what is a small part of the first loss', () => {
    const hear = (first: number, ...losses: (readonly [train: number, dev: number])[]) => {
      const watch = watchOf();
      watch.hear(lookOf(0, network('relu'), first));
      return losses
        .flatMap(([train, dev], at) => watch.hear(epoch(at + 1, train, dev)))
        .map(({ rule, step, values }) => [rule, step / 32, values]);
    };
    expect(hear(2.3, [0.5, 0.6], [0.3, 0.7], [0.2, 0.8])).toEqual([['overfitting', 3, { train: 0.2, dev: 0.8 }]]);
    expect(hear(2.3, [0.9, 0.8], [0.8, 0.95], [0.75, 0.97])).toEqual([['overfitting', 3, { train: 0.75, dev: 0.97 }]]);
    expect(hear(2.3, [0.05, 0.1], [0.02, 0.13], [0.01, 0.15])).toEqual([]);
    expect(hear(2.3, [0.9, 0.8], [0.95, 0.95], [0.96, 0.97])).toEqual([]);
  });

  it('forgets what it saw beyond a checkpoint that the run goes back to, and tells of it again', () => {
    const watch = watchOf();
    const dead = network('relu', { 2: { units: { count: 8, dead: 8 } } });
    const hear = (step: number, layers: readonly Layer[]) => watch.hear(lookOf(step, layers)).map(({ rule }) => rule);
    watch.hear(lookOf(0, network('relu'), 1));
    watch.hear(steps(1, Array<number>(8).fill(0.1)));
    expect([hear(10, dead), hear(20, dead), hear(30, dead)]).toEqual([[], ['dead-relu'], []]);
    const back = { type: 'back', step: 30, to: 0, epoch: 0, line: 0, checkpoint: 1 } as const;
    expect(watch.hear({ ...back, changes: [] })).toEqual([]);
    // 0.5 would be a rise above the 0.1 of the other branch.
    expect(watch.hear(steps(1, Array<number>(8).fill(0.5)))).toEqual([]);
    expect([hear(10, dead), hear(20, dead)]).toEqual([[], ['dead-relu']]);
  });

  it('names where a run diverged', () => {
    const end = { type: 'end', status: 'diverged', step: 7, test: null, seconds: 1, error: null } as const;
    const diverged = { step: 7, node: 'n3', what: 'output', tensor: 'n3.y' } as const;
    expect(watchOf().hear({ ...end, diverged })).toEqual([
      { type: 'health', rule: 'diverged', node: 'n3', step: 7, values: { step: 7, tensor: 'n3.y' } }
    ]);
    expect(watchOf().hear({ ...end, status: 'completed' })).toEqual([]);
  });

  it('has bounded memory and speed over many steps and epochs', () => {
    const watch = watchOf('relu', 1);
    watch.hear(lookOf(0, network('relu'), 1));
    let told = 0;
    for (let number = 1; number <= 30_000; number++) {
      told += watch.hear(steps(number, [0.5])).length;
      told += watch.hear({ ...epoch(number, 0.5, 0.55), step: number }).length;
    }
    expect(told).toBe(0);
    expect(watch.hear(steps(30_001, Array<number>(5000).fill(50))).map(({ rule }) => rule)).toEqual(['loss-rising']);
  });
});

describe('the rules of health', () => {
  it('are the ones that the contract names, in the same order', () => {
    expect(healthRules.map(({ id }) => id)).toEqual(healthRuleIds);
  });

  it('say what they found in whole sentences, with the values filled in', () => {
    const watch = watchOf('relu');
    const bad = network('relu', { 1: { gradient: 1e-5, ratio: 0.5 }, 2: { units: { count: 8, dead: 7 } } });
    const found = [0, 1].flatMap((step) => watch.hear(lookOf(step, bad)));
    expect(found.map(({ rule }) => rule)).toEqual(['vanishing-gradients', 'dead-relu', 'large-updates']);
    for (const finding of found) {
      expect(healthEventSchema.parse(finding)).toEqual(finding);
      expect(describeHealth(finding)).toMatch(/^[A-Z7O].*\.$/);
      expect(describeHealth(finding)).not.toMatch(/\{\w+|undefined|NaN/);
    }
    expect(describeHealth(found[1]!)).toContain('7 of 8 units of “n2” are 0 for every example.');
  });
});
