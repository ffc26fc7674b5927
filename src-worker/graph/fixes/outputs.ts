/** Fixes of what judges the outputs: their width, the loss, heads. */
import type { Kinded } from '../../contract/fields.ts';
import { nearest } from '../../contract/nearest.ts';
import type { Problem } from '../../contract/problems.ts';
import { endsOf } from '../heads.ts';
import { isObject, networkIn, put, type Spec } from './document.ts';
import { setting, settingAt, type Candidate, type Context, type Mender, type Menders } from './mender.ts';
import { append, insertBefore, setLayer, shapeOf, withHeadOf, wiresInto } from './network.ts';
import { makerOf } from './shapes.ts';
import { severalEnds } from './wires/several-ends.ts';

const headsIn = ({ training }: Spec): Spec => {
  const heads = isObject(training) ? training['heads'] : undefined;
  return isObject(heads) ? heads : {};
};

const lossPath = (spec: Spec, end: string): string =>
  Object.hasOwn(headsIn(spec), end) ? `training.heads.${end}.loss` : 'training.loss';

/** As many outputs as the target has: where the width is made, or by one layer more. */
const width: Mender = ({ node, words }, context) => {
  const network = networkIn(context.spec);
  const shape = node === null ? undefined : shapeOf(context, node);
  if (!network || node === null || !shape) return [];
  const units = Number(words['expected']);
  const dense = { kind: 'dense', units };
  const added = append(node, dense, 'append-dense', { units });
  if (shape.length === 1) {
    const maker = makerOf(network, node);
    const widths = maker ? [setLayer(maker.id, { [maker.setting]: units })] : [];
    const isHidden = !ENDINGS.includes(network.nodes.find(({ id }) => id === node)?.kind ?? '');
    return isHidden ? [added, ...widths] : [...widths, added];
  }
  const pooled = append(node, { kind: 'global-average-pool' }, 'append-pool', {});
  const [wire] = wiresInto(network, node);
  const isDense = network.nodes.some(({ id, kind }) => id === node && kind === 'dense');
  return [
    ...(shape.at(-1) === units ? [pooled] : []),
    ...(isDense && wire ? [insertBefore(node, { kind: 'flatten' }, [wire])] : []),
    denseOn('append-flat-dense', append(node, { kind: 'flatten' }, 'insert-flatten', {}), node, units),
    denseOn('append-mean-dense', pooled, node, units)
  ];
};

/** What a network may end in; behind anything else the last layer is missing. */
const ENDINGS = ['dense', 'softmax', 'log-softmax', 'sigmoid'];

/** A dense layer behind what a candidate appends. */
const denseOn = (code: Candidate['code'], first: Candidate, node: string, units: number): Candidate => ({
  code,
  words: { layer: node, units },
  change(spec) {
    const changed = first.change(spec);
    const last = networkIn(changed)?.nodes.at(-1)?.id;
    return last === undefined
      ? changed
      : append(last, { kind: 'dense', units }, 'append-dense', { units }).change(changed);
  }
});

/** Another loss, with as many outputs as it takes. */
const otherLoss: Mender = ({ node, ways }, context) => {
  const { spec, examined } = context;
  if (node === null) return [];
  const path = lossPath(spec, node);
  const kinds = ways.flatMap((way) => ('instead' in way ? [way.instead] : []));
  const own = ways.flatMap((way) => ('set' in way ? settings(spec, path, way.set) : []));
  const network = networkIn(spec);
  const maker = network && makerOf(network, node);
  const columns = targetColumns(context, node);
  return [
    ...own,
    ...kinds.map((loss) => useLoss(path, loss)),
    ...(maker && examined.dataset
      ? kinds.map((loss) => combined(useLoss(path, loss), setLayer(maker.id, { [maker.setting]: columns })))
      : [])
  ];
};

function targetColumns({ spec, examined }: Context, node: string): number {
  const head = headsIn(spec)[node];
  const target = isObject(head) ? head['target'] : null;
  return Array.isArray(target) ? target.length : (examined.dataset?.values.length ?? 1);
}

const useLoss = (path: string, loss: Kinded): Candidate => ({
  code: 'use-loss',
  words: { kind: loss.kind },
  change: (spec) => put(spec, path.split('.'), loss)
});

const combined = (first: Candidate, second: Candidate): Candidate => ({
  ...first,
  change: (spec) => second.change(first.change(spec))
});

const settings = (spec: Spec, path: string, values: Readonly<Record<string, unknown>>): Candidate[] =>
  Object.entries(values).flatMap(([name, value]) => setting(spec, `${path}.${name}`, value));

/** Heads for ends that have none, by what their widths fit. */
const addHeads: Mender = ({ value }, context) => {
  const ends = (value as readonly string[]).filter((end) => !Object.hasOwn(headsIn(context.spec), end));
  const heads = ends.map((end): [string, unknown] => [end, headFor(shapeOf(context, end), context)]);
  if (heads.some(([, head]) => head === null)) return [];
  return [
    {
      code: 'add-heads',
      words: { layers: ends.map((end) => `“${end}”`).join(', ') },
      change: (spec) => put(spec, ['training', 'heads'], { ...headsIn(spec), ...Object.fromEntries(heads) })
    }
  ];
};

function headFor(shape: readonly number[] | undefined, { examined }: Context): unknown {
  const { classes, values } = examined.dataset ?? { classes: [], values: [] };
  const count = shape?.length === 1 ? shape[0]! : 0;
  if (count > 1 && count === classes.length) return { loss: { kind: 'cross-entropy' }, target: 'class' };
  const quantities = values.filter(({ kind }) => kind === 'number').map(({ name }) => name);
  const marks = values.filter(({ kind }) => kind === 'binary').map(({ name }) => name);
  if (count > 0 && count === quantities.length) return { loss: { kind: 'mse' }, target: quantities };
  if (count > 0 && count === marks.length) return { loss: { kind: 'binary-cross-entropy' }, target: marks };
  return null;
}

const ends: Mender = (problem, context) => {
  const isJudged = Object.keys(headsIn(context.spec)).length > 0;
  const [heads, wires] = [addHeads(problem, context), severalEnds(problem, context)];
  return isJudged ? [...renamedHeads(problem, context), ...heads, ...wires] : [...wires, ...heads];
};

/** Heads of a misspelt name, for the ends that have none. */
function renamedHeads({ value }: Problem, { spec }: Context): Candidate[] {
  const ends = value as readonly string[];
  const strangers = Object.keys(headsIn(spec)).filter((name) => !ends.includes(name));
  const nameless = ends.filter((end) => !Object.hasOwn(headsIn(spec), end));
  return strangers.flatMap((name) => {
    const meant = nearest(name, nameless) ?? (nameless.length === 1 ? nameless[0]! : null);
    return meant === null ? [] : [renamedHead(name, meant)];
  });
}

const renamedHead = (name: string, layer: string): Candidate => ({
  code: 'rename-head',
  words: { name, layer },
  change: (spec) => withHeadOf(spec, name, layer)
});

const unknownHead: Mender = ({ path, value, words }, context) => {
  const name = String(value);
  const nameless = endsOf(context.examined.network.layers).filter(
    ({ id }) => !Object.hasOwn(headsIn(context.spec), id)
  );
  const meant = [words['nearest'], ...nameless.map(({ id }) => id)].filter((id) => id !== undefined).map(String);
  const renamed = meant.map((layer) => renamedHead(name, layer));
  const remove: Candidate = {
    code: 'remove',
    words: { path },
    change: (spec) => put(spec, ['training', 'heads', name], undefined)
  };
  return [...renamed, remove];
};

/** The target of a head, or the head itself. */
const target =
  (wanted: (problem: Problem, context: Context) => readonly unknown[]): Mender =>
  (problem, context) => {
    const { spec } = context;
    const head = problem.node === null ? undefined : headsIn(spec)[problem.node];
    const keys = ['training', 'heads', problem.node ?? '', 'target'];
    const targets = isObject(head) ? wanted(problem, context).map((value) => settingAt(keys, problem.path, value)) : [];
    return [...targets, ...(isObject(head) ? [settingAt(keys, problem.path, undefined)] : [])];
  };

const columnsOf = ({ value, words }: Problem, other: (name: string) => string[]): string[] =>
  (Array.isArray(value) ? value.map(String) : []).flatMap((name) => (name === words['column'] ? other(name) : [name]));

const learner: Mender = ({ node }, context) => {
  const shape = node === null ? undefined : shapeOf(context, node);
  if (node === null || shape?.length !== 1) return [];
  const units = shape[0]!;
  return [append(node, { kind: 'dense', units }, 'append-dense', { units })];
};

export const outputMenders: Menders = {
  'classes-unlike-outputs': width,
  'outputs-unlike-classes': width,
  'outputs-unlike-values': width,
  'loss-needs-class': otherLoss,
  'loss-needs-yes-or-no': otherLoss,
  'class-weights': otherLoss,
  'class-weights-zero': otherLoss,
  'positive-weights': otherLoss,
  'idle-loss': ({ path }, { spec }) => setting(spec, path, undefined),
  'several-ends': ends,
  'unknown-head': unknownHead,
  'no-classes': target((_, { examined }) => [examined.dataset?.values.map(({ name }) => name) ?? []]),
  'no-columns': target(() => ['class']),
  'unknown-column': target((problem) => {
    const { nearest } = problem.words;
    return [
      ...(nearest === undefined ? [] : [columnsOf(problem, () => [String(nearest)])]),
      columnsOf(problem, () => [])
    ];
  }),
  'column-twice': target(({ value }) => [[...new Set(value as readonly string[])]]),
  'nothing-learns': learner
};
