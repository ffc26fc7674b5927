/** A workload: a network, its batch and the form of its data. Named after what it stands for; the examples are made up. */
import type { Dataset, DatasetInfo } from '../../../contract/dataset.ts';
import { LabError } from '../../../contract/errors.ts';
import type { Experiment } from '../../../contract/experiment.ts';
import type { Kinded } from '../../../contract/fields.ts';
import type { WorkloadName } from '../../../contract/bench.ts';
import { randomStream } from '../../../data/random.ts';
import { checkExperiment } from '../../../graph/check-experiment.ts';

export interface Workload {
  readonly name: WorkloadName;
  /** Shape of one example: an image of bytes, or columns of floats. */
  readonly shape: readonly number[];
  readonly classes: number;
  readonly batchSize: number;
  /** The layers behind the input, one after another. */
  readonly layers: readonly Kinded[];
}

export const relu = { kind: 'relu' } as const;
export const flatten = { kind: 'flatten' } as const;
export const dense = (units: number) => ({ kind: 'dense', units }) as const;

const SEED = 42;
/** Small enough for the weights to stay tame however long it trains on random labels. */
export const LEARNING_RATE = 1e-4;
const EXAMPLES = 2048;

function infoOf({ name, shape, classes }: Workload): DatasetInfo {
  return {
    name: 'synthetic',
    title: name,
    origin: 'generated',
    shape: [...shape],
    classes: Array.from({ length: classes }, (_, index) => `class ${index}`),
    values: [],
    trainCount: EXAMPLES,
    testCount: 0,
    encoding: shape.length === 3 ? 'bytes' : 'floats',
    license: 'MIT',
    source: 'Random numbers'
  };
}

/** The workload as an experiment, checked. Throws: `invalid_experiment`. */
export function experimentOf(workload: Workload, optimizer: string): Experiment {
  const nodes = [{ kind: 'input' }, ...workload.layers].map((layer, index) => ({ ...layer, id: `n${index}` }));
  const { experiment, problems } = checkExperiment(
    {
      version: 1,
      name: `bench ${workload.name}`,
      seed: SEED,
      data: { dataset: 'synthetic', split: { train: 1, dev: 0 }, normalize: 'standardize' },
      network: { nodes, edges: nodes.slice(1).map(({ id }, index) => [`n${index}`, id]) },
      training: { optimizer: { kind: optimizer, learningRate: LEARNING_RATE }, batchSize: workload.batchSize }
    },
    [infoOf(workload)]
  );
  if (experiment) return experiment;
  const [first] = problems;
  throw new LabError(
    'invalid_experiment',
    `The workload ${workload.name} is no experiment: ${first!.path}: ${first!.why}.`,
    {
      problems
    }
  );
}

/** Random examples and labels, always the same. */
export function datasetOf(workload: Workload): Dataset {
  const info = infoOf(workload);
  const random = randomStream(SEED, `generate/bench ${workload.name}`);
  const values = EXAMPLES * workload.shape.reduce((product, length) => product * length, 1);
  const examples =
    info.encoding === 'bytes'
      ? Uint8Array.from({ length: values }, () => random.below(256))
      : Float32Array.from({ length: values }, () => random.normal());
  const labels = Uint8Array.from({ length: EXAMPLES }, () => random.below(workload.classes));
  return { info, examples, labels, values: new Float32Array(0) };
}
