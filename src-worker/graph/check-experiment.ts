/** The whole check of an experiment: frame, settings of every layer, loss and optimizer, wires, shapes, dataset; all problems at once. */
import { z } from 'zod';
import type { DatasetInfo } from '../contract/dataset.ts';
import {
  experimentSchema,
  MOST_NODES,
  MOST_WIRES,
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
import { checkHeads, checkKnownEnds, outputsOf, parseHeads, type ParsedHeads } from './check-heads.ts';
import { checkMeasuring, parseMetrics, type Measuring } from './check-metrics.ts';
import { isWire } from './drawing.ts';
import { newNodeMemo, readFrame, type NodeMemo } from './read-frame.ts';
import { endsOf } from './heads.ts';
import { parseKind, type Table } from './parse-kind.ts';
import { resolveNetwork, type ResolvedLayer, type ResolvedNetwork } from './resolve-network.ts';

/** A checked experiment has every default filled in. */
export type CheckedExperiment =
  | { readonly experiment: Experiment; readonly problems: readonly [] }
  | { readonly experiment: null; readonly problems: readonly Problem[] };

/**
 * `datasets`: those that can be used here. Pure; never throws at user input. Whatever part can be read is checked, also behind a broken
 * frame, so that one round shows everything; only what a fault makes meaningless (shapes behind an unknown layer) waits. Problems of
 * layers come first, in the direction of the data.
 */
export function checkExperiment(input: unknown, datasets: readonly DatasetInfo[]): CheckedExperiment {
  const { experiment, problems } = examine(input, datasets);
  return experiment ? { experiment, problems: [] } : { experiment: null, problems };
}

/** All that a check comes to know. */
export interface Examined extends Pick<CheckedExperiment, 'experiment' | 'problems'> {
  readonly network: ResolvedNetwork;
  readonly dataset: DatasetInfo | null;
}

export function examine(input: unknown, datasets: readonly DatasetInfo[], memo = newNodeMemo()): Examined {
  const problems: Problem[] = [];
  const frame = readFrame(input, memo);
  if (!frame.success) problems.push(...problemsOf(frame.error, input, experimentSchema));
  const parts = partsOf(frame.success ? frame.data : input);

  const nodes = nodesIn(input).map((node, index) => checkNode(node, index, problems, memo));
  const training = checkTraining(parts.training, problems);
  const asked = parseMetrics(parts.training['metrics'], problems);
  const batchSize = frame.success ? frame.data.training.batchSize : null;
  const measuring = { asked, monitor: getPath(parts.training, 'earlyStopping.monitor'), batchSize };
  const dataset = checkDataset(parts.dataset, datasets, problems);
  const augment = checkAugment(parts.augment, dataset, problems);
  const drawing = drawingOf(input, nodes);
  const network = resolveDrawing(drawing, dataset);
  problems.push(...network.problems);
  if (dataset) problems.push(...checkOutputs(drawing, network, dataset, { ...training, ...measuring }));
  if (frame.success && dataset) problems.push(...checkCounts(frame.data, dataset));
  if (frame.success) problems.push(...checkIds(frame.data));

  const known = { network, dataset };
  if (problems.length > 0 || !frame.success)
    return { experiment: null, problems: inOrder(problems, network), ...known };
  const experiment: Experiment = {
    ...frame.data,
    data: { ...frame.data.data, augment: augment as Kinded[] },
    network: { ...frame.data.network, nodes: nodes as NodeSpec[] },
    training: { ...frame.data.training, ...(training as CheckedInFull), metrics: asked as Kinded[] }
  };
  return { experiment, problems: [], ...known };
}

/** The first broken layer in the direction of the data first, what is of no layer last. */
function inOrder(problems: readonly Problem[], { order }: ResolvedNetwork): Problem[] {
  const rank = new Map(order.map((id, index) => [id, index]));
  const rankOf = ({ node }: Problem) => (node === null ? Infinity : (rank.get(node) ?? order.length));
  return problems.toSorted((a, b) => (rankOf(a) === rankOf(b) ? 0 : rankOf(a) - rankOf(b)));
}

interface Parts {
  readonly training: Record<string, unknown>;
  readonly dataset: unknown;
  readonly augment: unknown;
}

/** As they were typed: the frame leaves them as they are. */
function nodesIn(input: unknown): readonly unknown[] {
  const nodes = getPath(input, 'network.nodes');
  return Array.isArray(nodes) ? nodes : [];
}

/** The parts that are checked on their own, as far as the input has them. */
function partsOf(input: unknown): Parts {
  const at = (value: unknown, key: string) => (value as Record<string, unknown> | null | undefined)?.[key];
  const training = at(input, 'training');
  return {
    training: typeof training === 'object' && training !== null ? (training as Record<string, unknown>) : {},
    dataset: at(at(input, 'data'), 'dataset'),
    augment: at(at(input, 'data'), 'augment')
  };
}

const anyId = { id: z.unknown() };

function checkNode(node: unknown, index: number, problems: Problem[], memo: NodeMemo): NodeSpec | null {
  const known = typeof node === 'object' && node !== null ? memo.read.get(node) : undefined;
  if (known) return known;

  const { id, kind } = (typeof node === 'object' && node !== null ? node : {}) as { id?: unknown; kind?: unknown };
  if (typeof kind !== 'string') return null; // the frame has said so
  const path = `network.nodes.${typeof id === 'string' && id !== '' ? id : index}`;
  const read = parseKind(node as Kinded, path, layers, problems, anyId) as NodeSpec | null;
  if (read) memo.read.set(node as object, read);
  return read;
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

/** The wires, and the layers as far as they can be named. */
interface Drawing extends NetworkSpec {
  /** Ids of layers whose settings or kind could not be read. */
  readonly broken: ReadonlySet<string>;
}

/** Nothing of what is larger than may be, or has wires that are none: the frame has said so. */
function drawingOf(input: unknown, checked: readonly (NodeSpec | null)[]): Drawing {
  const raw = nodesIn(input);
  const edges = getPath(input, 'network.edges');
  const isReadable = Array.isArray(edges) && edges.length <= MOST_WIRES && edges.every(isWire);
  if (!isReadable || raw.length > MOST_NODES) return { nodes: [], edges: [], broken: new Set() };
  const broken = new Set<string>();
  const nodes = raw.flatMap((node, index): NodeSpec[] => {
    const { id, kind } = (node ?? {}) as { id?: unknown; kind?: unknown };
    if (typeof id !== 'string') return [];
    if (!checked[index]) broken.add(id);
    return [checked[index] ?? { id, kind: typeof kind === 'string' ? kind : '' }];
  });
  return { nodes, edges, broken };
}

const NO_NETWORK: ResolvedNetwork = { layers: [], problems: [], waiting: [], order: [] };

/** Without a dataset everything waits for the input. */
function resolveDrawing({ nodes, edges, broken }: Drawing, dataset: DatasetInfo | null): ResolvedNetwork {
  if (nodes.length === 0) return NO_NETWORK;
  const inputs = dataset ? [] : nodes.filter(({ kind }) => kind === 'input').map(({ id }) => id);
  return resolveNetwork({ nodes, edges }, dataset?.shape ?? [], new Set([...broken, ...inputs]));
}

/** What judges the outputs, as far as their shapes are known; then, where nothing is broken, what is measured, and the whole. */
function checkOutputs(
  { nodes, edges, broken }: Drawing,
  { layers: resolved, problems }: ResolvedNetwork,
  dataset: DatasetInfo,
  training: CheckedTraining & Measuring & { readonly batchSize: number | null }
): Problem[] {
  if (resolved.length === 0) return [];
  const isWhole = problems.length === 0 && broken.size === 0;
  const judging = training.loss && training.heads && { loss: training.loss, heads: training.heads };
  if (!isWhole) {
    const followed = new Set(edges.map(([from]) => from));
    const ends = nodes.filter(({ id }) => !followed.has(id)).map(({ id }) => id);
    return judging ? checkKnownEnds(resolved, ends, dataset, judging) : [];
  }
  if (judging) {
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
