/** Fixes of shapes: layers in between, other settings here or where the shape comes from. */
import type { NetworkSpec } from '../../contract/experiment.ts';
import type { Problem } from '../../contract/problems.ts';
import { shapeText, type Way } from '../../contract/refusal.ts';
import { layers } from '../../layers/table.ts';
import { freshId, insertOnWire, removeNodes, type Wire } from '../edit/wires.ts';
import { networkIn } from './document.ts';
import { costing, type Candidate, type Context, type Mender, type Menders } from './mender.ts';
import {
  insertBefore,
  onNetwork,
  removeLayer,
  replaceLayer,
  setLayer,
  shapeOf,
  wiresFrom,
  wiresInto
} from './network.ts';

type Shape = readonly number[];

/** The ways out that the layer itself knows. */
export const ownWays: Mender = ({ node, ways }) => (node === null ? [] : ways.map((way) => candidateOf(node, way)));

function candidateOf(layer: string, way: Way): Candidate {
  if ('set' in way) return setLayer(layer, way.set);
  return 'before' in way ? insertBefore(layer, way.before) : replaceLayer(layer, way.instead);
}

type ShapeMender = (layer: string, network: NetworkSpec, context: Context, problem: Problem) => readonly Candidate[];

/** What the layer knows first, then what its place in the network offers. */
const withOwn =
  (more: ShapeMender): Mender =>
  (problem, context) => [...ownWays(problem, context), ...at(more)(problem, context)];

const at =
  (mender: ShapeMender): Mender =>
  (problem, context) => {
    const network = networkIn(context.spec);
    return network && problem.node !== null ? mender(problem.node, network, context, problem) : [];
  };

const nodeOf = ({ nodes }: NetworkSpec, id: string) => nodes.find((node) => node.id === id);

/** Layers that give on the shape that comes in. */
const keepsShape = (kind: string): boolean =>
  ['activation', 'normalization', 'regularization'].includes(layers[kind]?.group ?? '');

/** Which layer makes the size of the last axis of what this one gives, and by which setting. */
export function makerOf(network: NetworkSpec, id: string): { readonly id: string; readonly setting: string } | null {
  const node = nodeOf(network, id);
  const [wire, ...others] = wiresInto(network, id);
  if (!node) return null;
  const setting = ({ dense: 'units', conv2d: 'filters', embedding: 'width' } as Record<string, string>)[node.kind];
  if (setting !== undefined) return { id, setting };
  const passes = keepsShape(node.kind) || node.kind.endsWith('pool');
  return passes && wire && others.length === 0 ? makerOf(network, wire[0]) : null;
}

/** Convolutions and poolings on the way to a layer, nearest first. */
function windowsBefore(network: NetworkSpec, id: string): string[] {
  const node = nodeOf(network, id);
  const [wire, ...others] = wiresInto(network, id);
  if (!node || !wire || others.length > 0) return [];
  const isWindow = Object.hasOwn(layers[node.kind]?.config ?? {}, 'kernel');
  return [...(isWindow ? [id] : []), ...windowsBefore(network, wire[0])];
}

const settingOf = (context: Context, id: string, name: string): unknown =>
  (context.examined.network.layers.find((layer) => layer.id === id)?.config as Record<string, unknown> | undefined)?.[
    name
  ];

const needsImage = at((layer, network, context, problem) => {
  const flatten = flattenBefore(network, layer);
  const shape = flatten && wiresInto(network, flatten)[0] && shapeOf(context, wiresInto(network, flatten)[0]![0]);
  const back = shape?.length === 3 ? { height: shape[0]!, width: shape[1]!, channels: shape[2]! } : null;
  return [
    ...(flatten === null ? [] : [movedFlatten(layer, flatten)]),
    ...(meanBefore(network, layer) ?? []),
    ...(back ? [insertBefore(layer, { kind: 'reshape', ...back })] : []),
    // Height and width that nobody asked for.
    ...costing(2, ownWays(problem, context)),
    removeLayer(layer)
  ];
});

/** The mean over the image came too early. */
function meanBefore(network: NetworkSpec, id: string): Candidate[] | null {
  const [wire, ...others] = wiresInto(network, id);
  const source = wire && nodeOf(network, wire[0]);
  if (!source || others.length > 0) return null;
  if (source.kind === 'global-average-pool') return costing(0, [removeLayer(source.id)]);
  return keepsShape(source.kind) ? meanBefore(network, source.id) : null;
}

function flattenBefore(network: NetworkSpec, id: string): string | null {
  const [wire, ...others] = wiresInto(network, id);
  const source = wire && nodeOf(network, wire[0]);
  if (!source || others.length > 0) return null;
  if (source.kind === 'flatten') return source.id;
  return keepsShape(source.kind) ? flattenBefore(network, source.id) : null;
}

/** Taken from before the layer, and put back in front of the first layers that take rows. */
const movedFlatten = (layer: string, flatten: string): Candidate =>
  onNetwork('move-flatten', { layer }, (network) => {
    let grown = removeNodes(network, [flatten]);
    for (const wire of rowWires(grown, layer))
      grown = insertOnWire(grown, { id: freshId(grown, flatten), kind: 'flatten' }, wire);
    return grown;
  });

function rowWires(network: NetworkSpec, id: string): Wire[] {
  return wiresFrom(network, id).flatMap((wire) => {
    const kind = nodeOf(network, wire[1])?.kind ?? '';
    if (kind === 'flatten' || kind === 'global-average-pool') return [];
    return kind === 'dense' || kind === 'embedding' ? [wire] : rowWires(network, wire[1]);
  });
}

const tooLarge: Mender = (problem, context) => {
  const { node, words } = problem;
  const kind = networkIn(context.spec)?.nodes.find(({ id }) => id === node)?.kind;
  if (node === null || kind === undefined) return [];
  const sizes = (name: string) => String(words[name]).split('×').map(Number);
  // Of a single pixel there is nothing to pool.
  const isIdle = kind.endsWith('pool') && Math.min(...sizes('actual').slice(0, 2)) === 1;
  const isSlip = Math.max(...sizes('window')) > LARGE_WINDOW;
  const usual = layers[kind]!.config['kernel']!.default;
  return [
    ...(isIdle ? costing(0, [removeLayer(node)]) : []),
    ...(isSlip ? [setLayer(node, { kernel: usual, kernelWidth: 0 })] : []),
    ...windowFixes(problem, context)
  ];
};

/** Larger windows than in the first layer of AlexNet are hardly meant. */
const LARGE_WINDOW = 11;

const windowFixes = withOwn((layer, network, context) => {
  const striding = windowsBefore(network, wiresInto(network, layer)[0]?.[0] ?? '');
  const slower = striding.filter((id) => Number(settingOf(context, id, 'stride')) > 1).slice(0, 2);
  const valid = striding.filter((id) => settingOf(context, id, 'padding') === 'valid').slice(0, 2);
  return [
    ...valid.map((id) => setLayer(id, { padding: 'same' })),
    ...slower.map((id) => setLayer(id, { stride: 1 })),
    removeLayer(layer)
  ];
});

/** Every shape that comes in is tried as the one that the others are brought to, the commonest first. */
function targetsOf(layer: string, network: NetworkSpec, context: Context) {
  const inputs = wiresInto(network, layer).map((wire) => ({ wire, shape: shapeOf(context, wire[0]) ?? [] }));
  const count = ({ shape }: { shape: Shape }) =>
    inputs.filter((input) => shapeText(input.shape) === shapeText(shape)).length;
  const targets = inputs.toSorted((a, b) => count(b) - count(a)).map(({ shape }) => shape);
  const distinct = targets.filter(
    (shape, index) => targets.findIndex((one) => shapeText(one) === shapeText(shape)) === index
  );
  return distinct.flatMap((target) =>
    inputs
      .filter(({ shape }) => shapeText(shape) !== shapeText(target))
      .map(({ wire, shape }) => ({ wire, shape, target }))
  );
}

interface Misfit {
  readonly wire: Wire;
  readonly shape: Shape;
  readonly target: Shape;
}

const NARROW = 4;

/** The number of units or filters that an input has too many or too few. */
function sameWidth(network: NetworkSpec, { wire, shape, target }: Misfit): Candidate[] {
  const maker = makerOf(network, wire[0]);
  const outerAlike = shapeText(shape.slice(0, -1)) === shapeText(target.slice(0, -1));
  if (!maker || !outerAlike) return [];
  // As few as an image has channels is no width for a layer.
  const isNarrow = target.at(-1)! < NARROW && shape.at(-1)! >= NARROW;
  return costing(isNarrow ? 1 : 0, [setLayer(maker.id, { [maker.setting]: target.at(-1)! })]);
}

/** Height and width: by padding, by the stride, of the windows on the way. */
function sameSides(network: NetworkSpec, context: Context, { wire, shape, target }: Misfit): Candidate[] {
  if (shape.length !== 3 || target.length !== 3) return [];
  const windows = windowsBefore(network, wire[0]).slice(0, 4);
  const ratio = Math.round(shape[0]! / target[0]!);
  return windows.flatMap((id) => {
    const stride = Number(settingOf(context, id, 'stride'));
    const others = [1, 2, stride * ratio].filter((one) => one >= 1 && one !== stride);
    const isSame = settingOf(context, id, 'padding') === 'same';
    return [
      ...(isSame ? [setLayer(id, { padding: 'valid' })] : [setLayer(id, { padding: 'same' })]),
      ...[...new Set(others)].map((one) => setLayer(id, { stride: one }))
    ];
  });
}

/** A convolution that looks at single pixels, as in the shortcuts of residual networks; a dense layer for rows. */
function projected(layer: string, { wire, shape, target }: Misfit): Candidate[] {
  if (shape.length === 1 && target.length === 1)
    return [insertBefore(layer, { kind: 'dense', units: target[0]! }, [wire])];
  if (shape.length !== 3 || target.length !== 3) return [];
  const stride = Math.max(1, Math.round(shape[0]! / target[0]!));
  const spec = { kind: 'conv2d', filters: target[2]!, kernel: 1, stride, padding: 'same' };
  const words = { layer, from: wire[0], shape: shapeText(target) };
  const { change } = insertBefore(layer, spec, [wire]);
  return [{ code: 'project', words, change }];
}

/** An image where a row is wanted: flattened, and brought to its length. */
function flattened(layer: string, { wire, shape, target }: Misfit): Candidate[] {
  if (shape.length === 1 || target.length !== 1) return [];
  const flat = insertBefore(layer, { kind: 'flatten' }, [wire]);
  const mean = insertBefore(layer, { kind: 'global-average-pool' }, [wire]);
  return [flat, mean, thenDense(flat, layer, wire, target[0]!)];
}

const thenDense = (first: Candidate, layer: string, wire: Wire, units: number): Candidate => ({
  code: 'insert-dense',
  words: { layer, units },
  change(spec) {
    const changed = first.change(spec);
    const network = networkIn(changed);
    const inserted = network && wiresFrom(network, wire[0]).find(([, to]) => nodeOf(network, to)?.kind === 'flatten');
    const next = inserted && network ? wiresFrom(network, inserted[1]) : [];
    return insertBefore(layer, { kind: 'dense', units }, next).change(changed);
  }
});

const unlike: Mender = (problem, context) => [
  ...at((layer, network) => {
    const misfits = targetsOf(layer, network, context);
    return [
      ...misfits.flatMap((misfit) => sameWidth(network, misfit)),
      ...misfits.flatMap((misfit) => sameSides(network, context, misfit)),
      ...misfits.flatMap((misfit) => projected(layer, misfit)),
      ...misfits.flatMap((misfit) => flattened(layer, misfit))
    ];
  })(problem, context),
  ...ownWays(problem, context)
];

const unlikeSides = at((layer, network, context) => {
  const misfits = targetsOf(layer, network, context);
  const isMixed = misfits.some(({ shape, target }) => shape.length !== target.length);
  const flat = onNetwork('flatten-all', { layer }, (before) =>
    wiresInto(before, layer)
      .filter(([from]) => (shapeOf(context, from)?.length ?? 1) > 1)
      .reduce((grown, wire) => insertOnWire(grown, { id: freshId(grown, 'flatten'), kind: 'flatten' }, wire), before)
  );
  const sides = misfits.flatMap((misfit) => sameSides(network, context, misfit));
  const pooled = misfits.flatMap(({ wire, shape, target }) => {
    const ratio = Math.round((shape[0] ?? 1) / (target[0] ?? 1));
    const spec = { kind: 'max-pool', kernel: ratio, stride: ratio };
    return shape.length === 3 && target.length === 3 && ratio > 1 ? [insertBefore(layer, spec, [wire])] : [];
  });
  return isMixed ? [flat, ...sides] : [...sides, ...pooled, flat];
});

const wider = withOwn((layer, network, { examined }) => {
  const maker = makerOf(network, wiresInto(network, layer)[0]?.[0] ?? '');
  const classes = examined.dataset?.classes.length ?? 0;
  return [...(maker && classes > 1 ? [setLayer(maker.id, { [maker.setting]: classes })] : []), removeLayer(layer)];
});

const evenGroups = withOwn((layer, network, _, { words }) => {
  const maker = makerOf(network, wiresInto(network, layer)[0]?.[0] ?? '');
  const groups = Number(words['groups']);
  const channels = Math.ceil(Number(words['channels']) / groups) * groups;
  return maker ? [setLayer(maker.id, { [maker.setting]: channels })] : [];
});

/** As many values as the image takes, from the layer that makes them. */
const reshaped: Mender = (problem, context) => [
  ...at((layer, network, _, { words }) => {
    const maker = makerOf(network, wiresInto(network, layer)[0]?.[0] ?? '');
    return maker?.setting === 'units' ? [setLayer(maker.id, { units: Number(words['wanted']) })] : [];
  })(problem, context),
  ...orRemoved(problem, context)
];

const orRemoved = withOwn((layer) => [removeLayer(layer)]);

export const shapeMenders: Menders = {
  'needs-row': orRemoved,
  'needs-word-row': orRemoved,
  'needs-image': needsImage,
  'needs-image-not-sequence': orRemoved,
  'window-too-large': tooLarge,
  'window-in-border': orRemoved,
  'unlike-shapes': unlike,
  'unlike-rows': unlike,
  'unlike-sides': unlikeSides,
  'softmax-of-one': wider,
  'uneven-groups': evenGroups,
  'normalized-alone': orRemoved,
  'reshape-size': reshaped
};
