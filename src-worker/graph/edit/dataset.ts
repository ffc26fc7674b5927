/** Another dataset for an experiment, and all that has to change with it, as far as one change follows from another. Pure. */
import { augmentations } from '../../augment/table.ts';
import type { DatasetInfo } from '../../contract/dataset.ts';
import type { Experiment, NodeSpec } from '../../contract/experiment.ts';
import type { ConfigOf, Fields, Kinded } from '../../contract/fields.ts';
import { layers } from '../../layers/table.ts';
import { losses } from '../../losses/table.ts';
import { targetOf } from '../../losses/target.ts';
import { measuredNames, refusalOf, type JudgedOutput } from '../../metrics/requests.ts';
import { metrics } from '../../metrics/table.ts';
import type { Target } from '../../plan/plan.ts';
import { parseKind, parseKinds } from '../parse-kind.ts';
import { freshId, insertOnWire } from './wires.ts';

/** What was changed besides the dataset: the words are those of the page, under `adapted.<what>`. */
export interface Adaptation {
  readonly what: 'flatten' | 'units' | 'loss' | 'target' | 'metric' | 'monitor' | 'augment';
  readonly words: Readonly<Record<string, string | number>>;
}

interface Adapting {
  experiment: Experiment;
  readonly changes: Adaptation[];
}

/** `before`: the dataset that it had, where that is known. What cannot be adapted is left for the check to name. */
export function adaptToDataset(experiment: Experiment, dataset: DatasetInfo, before?: DatasetInfo): Readonly<Adapting> {
  const data = { ...experiment.data, dataset: dataset.name };
  const adapting: Adapting = { experiment: { ...experiment, data }, changes: [] };
  dropImageChanges(adapting, dataset);
  flattenInput(adapting, dataset);
  const outputs = endsOf(experiment).map((id) => adaptEnd(adapting, id, dataset, before));
  if (outputs.every((output) => output !== null)) adaptMeasuring(adapting, outputs);
  return adapting;
}

const endsOf = ({ network: { nodes, edges } }: Experiment): string[] =>
  nodes.map(({ id }) => id).filter((id) => !edges.some(([from]) => from === id));

/** Rows have no pixels to shift. */
function dropImageChanges(adapting: Adapting, { shape }: DatasetInfo): void {
  const { data } = adapting.experiment;
  if (shape.length === 3 || !Array.isArray(data.augment)) return;
  const stays = ({ kind }: Kinded) => !augmentations[kind]?.imagesOnly;
  const gone = (data.augment as Kinded[]).filter((spec) => !stays(spec));
  if (gone.length === 0) return;
  const augment = (data.augment as Kinded[]).filter(stays);
  adapting.experiment = { ...adapting.experiment, data: { ...data, augment } };
  adapting.changes.push(...gone.map(({ kind }): Adaptation => ({ what: 'augment', words: { kind } })));
}

/** A layer that takes rows, right behind an input of images. */
function flattenInput(adapting: Adapting, { shape }: DatasetInfo): void {
  if (shape.length === 1) return;
  const { network } = adapting.experiment;
  const kindOf = (id: string) => network.nodes.find((node) => node.id === id)?.kind;
  for (const wire of network.edges.filter(([from, to]) => kindOf(from) === 'input' && kindOf(to) === 'dense')) {
    const now = adapting.experiment.network;
    const node = { id: freshId(now, 'flatten'), kind: 'flatten' };
    adapting.experiment = { ...adapting.experiment, network: insertOnWire(now, node, wire) };
    adapting.changes.push({ what: 'flatten', words: { id: node.id } });
  }
}

/** The output with what judges it; null where it is not known what that could be. */
function adaptEnd(adapting: Adapting, id: string, dataset: DatasetInfo, before?: DatasetInfo): JudgedOutput | null {
  const { training } = adapting.experiment;
  // A layer may be called `constructor`, which every object has.
  const head = Object.hasOwn(training.heads ?? {}, id) ? training.heads[id] : undefined;
  const asked = readTarget(head?.target ?? null, dataset);
  const target = asked ?? readTarget(null, dataset);
  if (!target) return null;
  if (!asked) adapting.changes.push({ what: 'target', words: { id } });

  const given = (head?.loss ?? training.loss ?? { kind: 'cross-entropy' }) as Kinded;
  const was = before && readTarget(head?.target ?? null, before);
  const isOther = was ? was.kind !== target.kind : false;
  const loss = isOther || refuses(given, widthOf(target), target) ? { kind: standardLoss(target) } : given;
  if (loss !== given) adapting.changes.push({ what: 'loss', words: { id, from: given.kind, to: loss.kind } });

  const judging = { ...head, loss, ...(!asked && { target: null }) };
  const heads = { ...training.heads, [id]: judging };
  const changed = head ? { ...training, heads } : { ...training, loss };
  adapting.experiment = { ...adapting.experiment, training: changed as Experiment['training'] };
  adaptWidth(adapting, id, loss, target);
  return { node: id, subject: { target, width: widthOf(target), yes: losses[loss.kind]!.yes } };
}

const widthOf = (target: Target): number => (target.kind === 'class' ? target.classes : target.columns.length);

const standardLoss = (target: Target): string =>
  target.kind === 'class' ? 'cross-entropy' : target.isYesOrNo ? 'binary-cross-entropy' : 'mse';

/** null where the dataset has no such thing. */
function readTarget(wanted: 'class' | string[] | null, { classes, values }: DatasetInfo): Target | null {
  const target = targetOf(wanted, { classes: classes.length, values });
  return 'kind' in target ? target : null;
}

/** Also where the loss itself cannot be read. */
function refuses(loss: Kinded, width: number, target: Target): boolean {
  const read = parseKind(loss, '', losses, []);
  return !read || losses[read.kind]!.refuses([width], target, read as unknown as ConfigOf<Fields>) !== null;
}

/** The layer that decides how many values come out gives as many as the target has. */
function adaptWidth(adapting: Adapting, end: string, loss: Kinded, target: Target): void {
  const { network } = adapting.experiment;
  const node = widthNode(network, end);
  if (!node) return;
  const setting = layers[node.kind]!.config['units'] ? 'units' : 'filters';
  const [from, to] = [node[setting], widthOf(target)];
  if (from === to || !refuses(loss, Number(from), target)) return;
  const nodes = network.nodes.map((one) => (one === node ? { ...one, [setting]: to } : one));
  adapting.experiment = { ...adapting.experiment, network: { ...network, nodes } };
  adapting.changes.push({ what: 'units', words: { id: node.id, from: String(from), to } });
}

/** Back from an output over layers that keep the number of values, or of channels. */
function widthNode({ nodes, edges }: Experiment['network'], end: string): NodeSpec | null {
  const seen = new Set<string>();
  for (let id: string | undefined = end; id !== undefined && !seen.has(id);) {
    seen.add(id);
    const node = nodes.find((one) => one.id === id);
    const definition = node && layers[node.kind];
    if (!definition || definition.inputs.max !== 1) return null;
    if (definition.config['units'] || definition.config['filters']) return node;
    const before: string[] = edges.filter(([, to]) => to === id).map(([from]) => from);
    id = before.length === 1 ? before[0] : undefined;
  }
  return null;
}

/** Metrics that judge none of the outputs go; what is watched and no longer measured becomes the loss. */
function adaptMeasuring(adapting: Adapting, outputs: readonly JudgedOutput[]): void {
  const { training } = adapting.experiment;
  const asked = parseKinds(training.metrics, '', metrics, []) ?? [];
  const subjects = outputs.map(({ subject }) => subject);
  const isGone = asked.map((spec) => spec !== null && refusalOf(spec, subjects) !== null);
  const kept = (training.metrics ?? []).filter((_, index) => !isGone[index]);
  for (const [index, spec] of asked.entries())
    if (isGone[index]) adapting.changes.push({ what: 'metric', words: { kind: spec!.kind } });

  const names = measuredNames(
    outputs,
    asked.filter((spec, index): spec is Kinded => spec !== null && !isGone[index])
  );
  const monitor = training.earlyStopping?.monitor ?? 'dev.loss';
  const isLost = !names.includes(monitor.replace(/^dev\./, ''));
  if (isLost) adapting.changes.push({ what: 'monitor', words: { from: monitor, to: 'dev.loss' } });
  const earlyStopping = isLost ? { ...training.earlyStopping!, monitor: 'dev.loss' } : training.earlyStopping;
  const changed = { ...training, ...(training.metrics && { metrics: kept }), ...(isLost && { earlyStopping }) };
  adapting.experiment = { ...adapting.experiment, training: changed };
}
