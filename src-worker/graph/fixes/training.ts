/** Fixes of data, metrics and training settings. */
import { valueAt, type Problem } from '../../contract/problems.ts';
import { metrics } from '../../metrics/table.ts';
import { isObject, keysOf, put, type Keys, type Spec } from './document.ts';
import { setting, type Candidate, type Context, type Mender, type Menders } from './mender.ts';
import { removeLayer } from './network.ts';

/** A dataset that may be meant; then those that the network fits, which is found out by trying. */
const otherDataset: Mender = ({ path, value, words }, { spec, datasets }) => {
  const lower = String(value).toLowerCase();
  const names = datasets.map(({ name }) => name);
  const kin = names.filter((name) => name.startsWith(lower.split('-')[0]!));
  const wanted = [words['nearest'], ...names.filter((name) => name === lower), ...kin, ...names];
  const distinct = [...new Set(wanted.filter((name) => name !== undefined))];
  return distinct.slice(0, 8).flatMap((name) => setting(spec, path, name));
};

/** An entry of a list with other settings, as it says itself, or without it. */
const entry: Mender = ({ path, ways }, { spec }) => {
  const keys = keysOf(spec, path) ?? [];
  const at = keys.findLastIndex((key) => typeof key === 'number');
  const list = keys.slice(0, at + 1);
  const own = ways.flatMap((way) => ('set' in way ? [withSettings(list, path, way.set)] : []));
  return at < 0
    ? []
    : [...own, { code: 'remove', words: { path: list.join('.') }, change: (before) => put(before, list, undefined) }];
};

function withSettings(at: Keys, path: string, values: Readonly<Record<string, unknown>>): Candidate {
  const [[name, value] = ['', '']] = Object.entries(values);
  return {
    code: 'set',
    words: { path: path.endsWith(`.${name}`) ? path : `${at.join('.')}.${name}`, value: JSON.stringify(value) },
    change: (spec) => put(withoutShort(spec, at), [...at, name], value)
  };
}

/** A kind alone is short for an object with it. */
function withoutShort(spec: Spec, at: Keys): Spec {
  const entry = valueAt(at, spec);
  return typeof entry === 'string' ? put(spec, at, { kind: entry }) : spec;
}

const monitor: Mender = ({ path, value, words }, { spec }) => {
  const name = String(value).replace(/^dev\./, '');
  const kind = name.split(':')[0]!.split('.').at(-1)!;
  const asked = askedIn(spec);
  const add: Candidate = {
    code: 'add-metric',
    words: { kind },
    change: (before) => put(before, ['training', 'metrics'], [...asked, { kind }])
  };
  const nearest = words['nearest'];
  return [
    ...(nearest === undefined ? [] : setting(spec, path, nearest)),
    ...(Object.hasOwn(metrics, kind) ? [add] : []),
    ...setting(spec, path, 'dev.loss')
  ];
};

function askedIn({ training }: Spec): readonly unknown[] {
  const asked = isObject(training) ? training['metrics'] : undefined;
  return Array.isArray(asked) ? asked : [];
}

const listened: Mender = ({ path, words }, { spec }) => [
  ...(words['nearest'] === undefined ? [] : setting(spec, path, words['nearest'])),
  ...setting(spec, path, String(words['choices']).split(', ')[0])
];

const split: Mender = (_, { spec }) => setting(spec, 'data.split', { train: 0.9, dev: 0.1 });

const batch = ({ words, node, path }: Problem, { spec }: Context): Candidate[] => [
  ...setting(spec, path, undefined),
  ...setting(spec, path, Number(words['expected'])),
  ...(node === null ? [] : [removeLayer(node)])
];

export const trainingMenders: Menders = {
  'unknown-dataset': otherDataset,
  'bad-dataset-name': otherDataset,
  'no-dev-examples': (problem, context) => [
    ...split(problem, context),
    ...setting(context.spec, 'data.limit', undefined),
    ...setting(context.spec, problem.path, null)
  ],
  'no-train-examples': split,
  'ids-normalized': ({ path }, { spec }) => setting(spec, path, 'none'),
  'ids-augmented': ({ path }, { spec }) => setting(spec, path, undefined),
  'augments-images': entry,
  'cutout-too-large': entry,
  'shift-too-far': entry,
  'mixed-twice': entry,
  'metric-unlike-target': entry,
  'no-such-class': entry,
  'no-such-column': entry,
  'top-all': entry,
  'unlike-costs': entry,
  'same-metric-name': entry,
  'not-measured': monitor,
  'not-heard': listened,
  'batch-too-small': batch
};
