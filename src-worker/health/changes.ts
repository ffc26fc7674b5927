/** Changes of an experiment that remedies are made of. Each answers with nothing where there is nothing to change. */
import type { Experiment, NetworkSpec } from '../contract/experiment.ts';
import { optimizers } from '../optimizers/table.ts';
import { settingAt, type Candidate } from '../graph/fixes/mender.ts';
import { insertBefore, onNetwork } from '../graph/fixes/network.ts';
import { layers } from '../layers/table.ts';

const at = (path: string, value: unknown): Candidate => settingAt(path.split('.'), path, value);
const RATE = 'training.optimizer.learningRate';

const rateOf = ({ training }: Experiment): number | undefined =>
  (training.optimizer as { learningRate?: number }).learningRate;

/** The learning rate times a factor, to 2 digits. */
export function scaledRate(experiment: Experiment, factor: number): Candidate[] {
  const rate = rateOf(experiment);
  return rate === undefined ? [] : [at(RATE, Number((rate * factor).toPrecision(2)))];
}

/** The learning rate that the optimizer begins with by default, where that is on the wished side of this one, and not near it. */
export function usualRate(experiment: Experiment, side: 'lower' | 'higher'): Candidate[] {
  const rate = rateOf(experiment);
  const usual = optimizers[experiment.training.optimizer.kind]?.config['learningRate']?.default as number | undefined;
  if (rate === undefined || usual === undefined || (side === 'lower' ? 3 * usual > rate : usual < 3 * rate)) return [];
  return [at(RATE, usual)];
}

export const clipped = ({ training }: Experiment): Candidate[] =>
  training.clip ? [] : [at('training.clip', { kind: 'norm', limit: 1, per: 'network' })];

export const standardized = ({ data }: Experiment): Candidate[] => [
  ...(data.normalize === 'none' ? [at('data.normalize', 'standardize')] : []),
  ...(data.normalizeTargets === 'none' ? [at('data.normalizeTargets', 'standardize')] : [])
];

export const stoppedEarly = ({ training }: Experiment): Candidate[] =>
  training.earlyStopping
    ? []
    : [at('training.earlyStopping', { monitor: 'dev.loss', patience: 3, minDelta: 0, restoreBest: true })];

export const penalized = ({ training }: Experiment): Candidate[] =>
  training.regularize.l2 > 0 || training.regularize.decay > 0 ? [] : [at('training.regularize.l2', 1e-3)];

export const moreExamples = ({ data }: Experiment): Candidate[] =>
  data.limit === null ? [] : [at('data.limit', null)];

const isNorm = (kind: string) => layers[kind]?.group === 'normalization';
const isActivation = (kind: string) => layers[kind]?.group === 'activation';
const sourcesOf = ({ edges }: NetworkSpec, id: string) => edges.filter(([, to]) => to === id).map(([from]) => from);
const kindIn = ({ nodes }: NetworkSpec, id: string) => nodes.find((node) => node.id === id)?.kind ?? '';
const hasFollower = ({ edges }: NetworkSpec, id: string) => edges.some(([from]) => from === id);

/** Activations inside the network that no normalization stands in front of. */
const bareActivations = (network: NetworkSpec): string[] =>
  network.nodes
    .filter(
      ({ id, kind }) => isActivation(kind) && kind !== 'softmax' && kind !== 'log-softmax' && hasFollower(network, id)
    )
    .filter(({ id }) => !sourcesOf(network, id).some((source) => isNorm(kindIn(network, source))))
    .map(({ id }) => id);

/** Batch normalization in front of every activation that has none. */
export function normalized({ network }: Experiment): Candidate[] {
  const bare = bareActivations(network);
  if (bare.length === 0) return [];
  const insert = bare.map((id) => insertBefore(id, { kind: 'batch-norm' }));
  return [
    { code: 'norm-all', words: { n: bare.length }, change: (spec) => insert.reduce((s, one) => one.change(s), spec) }
  ];
}

/** In front of one layer only. */
export const normalizedAt = ({ network }: Experiment, node: string | null): Candidate[] =>
  node !== null && bareActivations(network).includes(node) ? [insertBefore(node, { kind: 'batch-norm' })] : [];

/** First weights by the number of inputs, where they are not: He's rule in front of relu and its kin, Xavier's elsewhere. */
export function redrawn({ network }: Experiment): Candidate[] {
  const fixed = ['normal', 'constant', 'zeros', 'identity'];
  const ids = network.nodes
    .filter((node) => fixed.includes((node['init'] as { kind?: string } | undefined)?.kind ?? ''))
    .map(({ id }) => id);
  if (ids.length === 0) return [];
  const before = new Set(network.nodes.filter(({ kind }) => kind === 'sigmoid' || kind === 'tanh').map(({ id }) => id));
  const kind = network.edges.some(([from, to]) => ids.includes(from) && before.has(to)) ? 'xavier-normal' : 'he-normal';
  return [withNodes('use-kind', { kind }, ids, (node) => ({ ...node, init: { kind } }))];
}

/** relu in place of all sigmoid and tanh inside the network. */
export function rectified({ network }: Experiment): Candidate[] {
  const ids = network.nodes
    .filter(({ id, kind }) => (kind === 'sigmoid' || kind === 'tanh') && hasFollower(network, id))
    .map(({ id }) => id);
  if (ids.length === 0) return [];
  return [withNodes('use-kind', { kind: 'relu' }, ids, ({ id }) => ({ id, kind: 'relu' }))];
}

/** Dropout in front of the one output, where nothing is dropped yet. */
export function dropped({ network }: Experiment): Candidate[] {
  const [end, ...others] = network.nodes.filter(({ id }) => !hasFollower(network, id));
  if (!end || others.length > 0 || end.kind !== 'dense' || network.nodes.some(({ kind }) => kind === 'dropout'))
    return [];
  const [source] = sourcesOf(network, end.id);
  // Dropout of the examples themselves would take away what is to be learned from.
  if (source === undefined || !isActivation(kindIn(network, source))) return [];
  return [insertBefore(end.id, { kind: 'dropout', rate: 0.3 })];
}

type Nodes = NetworkSpec['nodes'];
const withNodes = (
  code: Candidate['code'],
  words: Candidate['words'],
  ids: readonly string[],
  change: (node: Nodes[number]) => Nodes[number]
): Candidate =>
  onNetwork(code, words, ({ nodes, edges }) => ({
    nodes: nodes.map((node) => (ids.includes(node.id) ? change(node) : node)),
    edges
  }));
