/** Quantities far from 1 are learned with the defaults, and measured in their own units. */
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src-worker/contract/dataset.ts';
import type { BackendName, RunEvent, StartEvent } from '../../../src-worker/contract/run.ts';
import { randomStream } from '../../../src-worker/data/random.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { nodeHost } from '../../support/node-host.ts';
import { trainHere } from '../../support/train-here.ts';
import { endOf } from '../../support/train-xor.ts';

const [TRAIN, TEST] = [600, 150];

/** Prices between some 60 000 and 340 000 of houses with three properties. */
function houses(): Dataset {
  const random = randomStream(3, 'generate');
  const examples = Float32Array.from({ length: (TRAIN + TEST) * 3 }, () => random.normal());
  const priceOf = (row: number) => {
    const [area, age, rooms] = examples.subarray(row * 3, row * 3 + 3) as unknown as [number, number, number];
    return 200_000 + 40_000 * area - 15_000 * Math.abs(age) + 10_000 * area * rooms;
  };
  return {
    info: {
      ...{ name: 'houses', title: 'Houses', origin: 'user', license: '', source: '' },
      ...{ shape: [3], classes: [], encoding: 'floats', trainCount: TRAIN, testCount: TEST },
      values: [{ name: 'price', kind: 'number' }]
    },
    examples,
    labels: new Uint8Array(TRAIN + TEST),
    values: Float32Array.from({ length: TRAIN + TEST }, (_, row) => priceOf(row))
  };
}

interface Given {
  backend?: BackendName;
  threads?: number;
  data?: Record<string, unknown>;
  epochs?: number;
}

async function train({ backend = 'wasm', threads = 1, data = {}, epochs = 30 }: Given): Promise<RunEvent[]> {
  const dataset = houses();
  const nodes = [{ kind: 'input' }, { kind: 'dense', units: 32 }, { kind: 'relu' }, { kind: 'dense', units: 1 }];
  const { experiment, problems } = checkExperiment(
    {
      ...{ version: 1, name: 'houses', data: { dataset: 'houses', ...data } },
      network: {
        nodes: nodes.map((node, i) => ({ id: `n${i}`, ...node })),
        edges: [0, 1, 2].map((i) => [`n${i}`, `n${i + 1}`])
      },
      training: { loss: { kind: 'mse' }, batchSize: 20, epochs, metrics: ['rmse'] }
    },
    [dataset.info]
  );
  expect(problems).toEqual([]);
  const { events } = await trainHere({ experiment: experiment!, dataset, backend, threads }, { host: nodeHost(2) });
  return events;
}

describe('prices', () => {
  it('are learned with the defaults, and are not as they are', async () => {
    const [scaled, raw] = [endOf(await train({})), endOf(await train({ data: { normalizeTargets: 'none' } }))];
    expect(scaled.test!['r2']).toBeGreaterThan(0.9);
    expect(scaled.test!['mae']).toBeLessThan(12_000);
    expect(raw.test!['r2']).toBeLessThan(0);
    expect(raw.test!['mae']).toBeGreaterThan(150_000);
  });

  it('are judged in their units: the loss is of learned numbers, whose unit is the deviation of the training part', async () => {
    const events = await train({ epochs: 3 });
    const { targets } = events.find((event) => event.type === 'start') as StartEvent;
    const { test } = endOf(events);
    const deviation = targets!.scale[0]!;
    expect(targets).toMatchObject({ kind: 'standardize', shift: [expect.closeTo(188_000, -4)] });
    expect(test!['rmse']! / deviation).toBeCloseTo(Math.sqrt(test!.loss!), 5);
    expect(test!['mae']!).toBeGreaterThan(1000);
    expect(1 - test!['rmse']! ** 2 / variance(houses().values.subarray(TRAIN))).toBeCloseTo(test!['r2']!, 5);
  });

  it.each([
    ['wasm', 2],
    ['reference', 1],
    ['gpujs-cpu', 1]
  ] as const)('are learned alike on %s, threads: %i', async (backend, threads) => {
    const one = endOf(await train({ epochs: 2 })).test!;
    const other = endOf(await train({ backend, threads, epochs: 2 })).test!;
    for (const name of ['loss', 'mae', 'rmse', 'r2']) expect(other[name]! / one[name]!).toBeCloseTo(1, 4);
  });
});

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
function variance(values: Float32Array): number {
  const all = Float64Array.from(values);
  const mean = meanOf(all);
  return meanOf(all.map((value) => (value - mean) ** 2));
}
