/** The whole check of an experiment: frame, settings of every layer, loss and optimizer, wires, shapes, dataset; all problems at once. */
import { z } from 'zod';
import type { DatasetInfo } from '../contract/dataset.ts';
import {
  experimentSchema,
  networkSchema,
  type Experiment,
  type NetworkSpec,
  type NodeSpec,
  type TrainingSpec
} from '../contract/experiment.ts';
import type { Kinded } from '../contract/fields.ts';
import { getPath } from '../contract/paths.ts';
import type { ProblemCode } from '../contract/problem-words.ts';
import { problem, problemsOf, type Problem } from '../contract/problems.ts';
import { among } from '../contract/refusal.ts';
import { splitCounts } from '../data/split.ts';
import { layers } from '../layers/table.ts';
import { losses } from '../losses/table.ts';
import { optimizers } from '../optimizers/table.ts';
import { schedules } from '../schedules/table.ts';
import { checkAugment } from './check-augment.ts';
import { checkHeads, outputsOf, parseHeads, type ParsedHeads } from './check-heads.ts';
import { checkMeasuring, parseMetrics, type Measuring } from './check-metrics.ts';
import { endsOf } from './heads.ts';
import { orderOf } from './order.ts';
import { parseKind, type Table } from './parse-kind.ts';
import { resolveNetwork, type ResolvedLayer } from './resolve-network.ts';

/** A checked experiment has every default filled in. */
export type CheckedExperiment =
  | { readonly experiment: Experiment; readonly problems: readonly [] }
  | { readonly experiment: null; readonly problems: readonly Problem[] };

/**
 * `datasets`: those that can be used here. Pure; never throws at user input. Whatever part can be read is checked, also behind a broken
 * frame, so that one round shows everything; only what a fault makes meaningless (shapes behind an unknown layer) waits.
 */
export function checkExperiment(input: unknown, datasets: readonly DatasetInfo[]): CheckedExperiment {
  const problems: Problem[] = [];
  const frame = experimentSchema.safeParse(input);
  if (!frame.success) problems.push(...problemsOf(frame.error, input, experimentSchema));
  const parts = partsOf(frame.success ? frame.data : input);

  const nodes = parts.nodes.map((node, index) => checkNode(node, index, problems));
  const training = checkTraining(parts.training, problems);
  const asked = parseMetrics(parts.training['metrics'], problems);
  const batchSize = frame.success ? frame.data.training.batchSize : null;
  const measuring = { asked, monitor: getPath(parts.training, 'earlyStopping.monitor'), batchSize };
  const dataset = checkDataset(parts.dataset, datasets, problems);
  const augment = checkAugment(parts.augment, dataset, problems);
  const wiring = networkSchema.safeParse(parts.network);
  if (wiring.success) problems.push(...checkNetwork(wiring.data, nodes, dataset, { ...training, ...measuring }));
  if (frame.success && dataset) problems.push(...checkCounts(frame.data, dataset));
  if (frame.success) problems.push(...checkIds(frame.data));

  if (problems.length > 0 || !frame.success) return { experiment: null, problems };
  const experiment: Experiment = {
    ...frame.data,
    data: { ...frame.data.data, augment: augment as Kinded[] },
    network: { ...frame.data.network, nodes: nodes as NodeSpec[] },
    training: { ...frame.data.training, ...(training as CheckedInFull), metrics: asked as Kinded[] }
  };
  return { experiment, problems: [] };
}

interface Parts {
  readonly network: unknown;
  readonly nodes: readonly unknown[];
  readonly training: Record<string, unknown>;
  readonly dataset: unknown;
  readonly augment: unknown;
}

/** The parts that are checked on their own, as far as the input has them. */
function partsOf(input: unknown): Parts {
  const at = (value: unknown, key: string) => (value as Record<string, unknown> | null | undefined)?.[key];
  const network = at(input, 'network');
  const [nodes, training] = [at(network, 'nodes'), at(input, 'training')];
  return {
    network,
    nodes: Array.isArray(nodes) ? nodes : [],
    training: typeof training === 'object' && training !== null ? (training as Record<string, unknown>) : {},
    dataset: at(at(input, 'data'), 'dataset'),
    augment: at(at(input, 'data'), 'augment')
  };
}

function checkNode(node: unknown, index: number, problems: Problem[]): NodeSpec | null {
  const { id, kind } = (typeof node === 'object' && node !== null ? node : {}) as { id?: unknown; kind?: unknown };
  if (typeof kind !== 'string') return null; // the frame has said so
  const path = `network.nodes.${typeof id === 'string' && id !== '' ? id : index}`;
  return parseKind(node as Kinded, path, layers, problems, { id: z.unknown() }) as NodeSpec | null;
}

/** The parts of the training settings that come from tables. */
const trainingTables = { loss: losses, optimizer: optimizers, schedule: schedules } as const satisfies Record<
  string,
  Table
>;

/** Where nothing was wrong. */
type CheckedInFull = Pick<TrainingSpec, 'loss' | 'optimizer' | 'schedule' | 'heads'>;

/** As far as it could be read. */
type CheckedTraining = Partial<Record<keyof typeof trainingTables, Kinded>> & { readonly heads?: ParsedHeads };

function checkTraining(training: Record<string, unknown>, problems: Problem[]): CheckedTraining {
  const checked: Record<string, Kinded> = {};
  for (const [name, table] of Object.entries(trainingTables)) {
    const value = training[name];
    if (typeof (value as { kind?: unknown } | null | undefined)?.kind !== 'string') continue; // the frame has said so
    const parsed = parseKind(value as Kinded, `training.${name}`, table, problems);
    if (parsed) checked[name] = parsed;
  }
  const heads = parseHeads(training['heads'], problems);
  return { ...checked, ...(heads && { heads }) };
}

function checkDataset(name: unknown, datasets: readonly DatasetInfo[], problems: Problem[]): DatasetInfo | null {
  if (typeof name !== 'string') return null;
  const found = datasets.find((dataset) => dataset.name === name);
  const known = datasets.map((dataset) => dataset.name);
  if (!found) problems.push(problem('unknown-dataset', { path: 'data.dataset', value: name }, among(name, known)));
  return found ?? null;
}

/** Wires and order; then, where every layer and the dataset are known, shapes and what judges the outputs. */
function checkNetwork(
  network: NetworkSpec,
  nodes: readonly (NodeSpec | null)[],
  dataset: DatasetInfo | null,
  training: CheckedTraining & Measuring & { readonly batchSize: number | null }
): Problem[] {
  const { problems: faults } = orderOf(network);
  if (faults.length > 0 || !dataset || nodes.includes(null)) return faults;
  const { layers: resolved, problems } = resolveNetwork({ ...network, nodes: nodes as NodeSpec[] }, dataset.shape);
  if (problems.length > 0) return [...problems];
  if (training.loss && training.heads) {
    const judging = { loss: training.loss, heads: training.heads };
    const refusals = checkHeads(resolved, dataset, judging);
    if (refusals.length > 0) return refusals;
    refusals.push(...checkMeasuring(outputsOf(resolved, dataset, judging), training));
    if (refusals.length > 0) return refusals;
  }
  const small = checkBatchSize(resolved, training.batchSize);
  if (small.length > 0) return small;
  if (resolved.some(({ parameterCount }) => parameterCount > 0)) return [];
  return [problem('nothing-learns', { path: 'network.nodes', value: null, node: endsOf(resolved).at(-1)?.id ?? null })];
}

/** Every layer sees as many examples at once as it needs. */
function checkBatchSize(resolved: readonly ResolvedLayer[], batchSize: number | null): Problem[] {
  const fewestOf = ({ definition, inputShapes, config }: ResolvedLayer) =>
    definition.fewestExamples?.(inputShapes, config) ?? 1;
  const starving = resolved.find((layer) => batchSize !== null && fewestOf(layer) > batchSize);
  if (!starving) return [];
  const { id, definition } = starving;
  const words = { layer: id, kind: definition.kind, expected: fewestOf(starving), actual: batchSize! };
  return [problem('batch-too-small', { path: 'training.batchSize', value: batchSize, node: id }, words)];
}

/** Numbers that stand for words must come in as they are. */
function checkIds({ network, data }: Experiment): Problem[] {
  const reader = network.nodes.find(({ kind }) => Object.hasOwn(layers, kind) && layers[kind]!.readsIds);
  if (!reader) return [];
  const { normalize, augment } = data;
  const changing = (code: ProblemCode, setting: 'normalize' | 'augment') =>
    problem(code, { path: `data.${setting}`, value: data[setting], node: reader.id }, { layer: reader.id });
  return [
    ...(normalize === 'none' ? [] : [changing('ids-normalized', 'normalize')]),
    ...(augment.length === 0 ? [] : [changing('ids-augmented', 'augment')])
  ];
}

/** Are there examples for what is asked? */
function checkCounts({ data, training }: Experiment, dataset: DatasetInfo): Problem[] {
  const found: Problem[] = [];
  const examples = Math.min(data.limit ?? dataset.trainCount, dataset.trainCount);
  if (training.earlyStopping && splitCounts(examples, data.split).dev === 0)
    found.push(problem('no-dev-examples', { path: 'training.earlyStopping', value: data.split }, { examples }));
  if (Math.floor(examples * data.split.train) < 1)
    found.push(problem('no-train-examples', { path: 'data.split.train', value: data.split.train }, { examples }));
  return found;
}
