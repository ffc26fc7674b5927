/** What may be written at a place of an experiment's text, from the tables and the frame's schema. */
import type { Field, Fields } from '../../../../src-worker/contract/fields.ts';
import { families } from '../../../../src-worker/graph/choices.ts';
import { clipFields, frameFields } from '../../../../src-worker/graph/frame-fields.ts';
import { tMaybe } from '../../../i18n/t.svelte.ts';
import { helpLines, kindNote } from '../inspector/setting-words.ts';
import type { Place } from './json-places.ts';

export interface Suggestion {
  readonly label: string;
  /** What is inserted: JSON. */
  readonly text: string;
  /** Beside it: the default. */
  readonly detail?: string;
  /** More of it: help, range. */
  readonly info?: string;
}

/** What the text may name that no table has. */
export interface Known {
  readonly datasets: readonly { readonly name: string; readonly title: string }[];
  readonly nodes: readonly string[];
  readonly monitors: readonly string[];
}

/** A thing that is written as an object: its settings by name, each with what its value may be. */
type Settings = Readonly<Record<string, Value>>;
interface Value {
  /** JSON of what it is unless it is said; null: it has to be said. */
  readonly standard: string | null;
  readonly help: readonly string[];
  readonly values: readonly Suggestion[];
  /** Of what is written as an object or a list. */
  readonly inner?: (kind: string) => Settings;
}

export function suggestionsAt(place: Place, known: Known): Suggestion[] {
  const inside = insideOf(place, known);
  if (place.what === 'name') {
    const written = place.around.at(-1) ?? {};
    return Object.entries(inside.settings)
      .filter(([name]) => !(name in written))
      .map(([name, value]) => ({
        label: name,
        text: `${JSON.stringify(name)}: ${value.standard ?? '""'}`,
        ...(value.standard !== null && { detail: value.standard }),
        info: value.help.join('\n')
      }));
  }
  return [...(place.name === null ? inside.items : (inside.settings[place.name]?.values ?? []))];
}

/** Of the setting whose name or value stands there. */
export const helpAt = (place: Place, name: string, known: Known): readonly string[] =>
  insideOf(place, known).settings[name]?.help ?? [];

/** What may stand in the object or list at a place. */
function insideOf({ path, around }: Place, known: Known): { settings: Settings; items: readonly Suggestion[] } {
  let settings = experimentSettings(known);
  let items: readonly Suggestion[] = [];
  let depth = 0; // of objects
  for (const key of path) {
    if (typeof key === 'number') {
      depth++;
      continue;
    }
    const value: Value | undefined = settings[key];
    items = value?.values ?? [];
    const isList = lists.has(key);
    const object = around[depth + 1];
    if (!isList) depth++;
    settings = value?.inner?.(object?.['kind'] ?? '') ?? {};
  }
  return { settings, items };
}

/** What is written as a list of objects. */
const lists = new Set(['nodes', 'augment', 'metrics', 'edges']);

const experimentSettings = (known: Known): Settings => ({
  version: plainValue('1', []),
  name: plainValue(null, []),
  seed: ofField('seed', '', frameFields['']['seed']!),
  data: thing(() => dataSettings(known)),
  network: thing(() => networkSettings(known)),
  training: thing(() => trainingSettings(known))
});

const dataSettings = (known: Known): Settings => ({
  dataset: { standard: null, help: [], values: known.datasets.map(({ name, title }) => literal(name, title)) },
  ...fields('data', '', frameFields.data),
  split: thing(() => fields('data.split', '', frameFields['data.split'])),
  augment: kinded('data.augment', families.augmentations, { list: true })
});

const networkSettings = (known: Known): Settings => ({
  nodes: kinded('node', families.layers, { list: true, more: { id: plainValue(null, []) } }),
  edges: { standard: '[]', help: [], values: known.nodes.map((id) => literal(id)) }
});

const trainingSettings = (known: Known): Settings => ({
  loss: kinded('training.loss', families.losses),
  heads: thing(() => Object.fromEntries(known.nodes.map((id) => [id, thing(headSettings)]))),
  optimizer: kinded('training.optimizer', families.optimizers),
  schedule: kinded('training.schedule', families.schedules),
  metrics: kinded('training.metrics', families.metrics, { list: true }),
  ...fields('training', '', frameFields.training),
  regularize: thing(() => fields('training.regularize', '', frameFields['training.regularize'])),
  clip: kinded(
    'training.clip',
    Object.fromEntries(Object.entries(clipFields).map(([kind, config]) => [kind, { config }]))
  ),
  earlyStopping: thing(() => ({
    monitor: {
      standard: '"dev.loss"',
      help: [tMaybe('help.training.earlyStopping.monitor', '')],
      values: known.monitors.map((name) => literal(name))
    },
    ...fields('training.earlyStopping', '', frameFields['training.earlyStopping'])
  }))
});

const headSettings = (): Settings => ({
  loss: kinded('training.loss', families.losses),
  target: plainValue('null', [tMaybe('head.targetHelp', '')]),
  ...fields('training.heads', '', frameFields['training.heads'])
});

const literal = (value: string, info = ''): Suggestion => ({
  label: value,
  text: JSON.stringify(value),
  ...(info && { info })
});
const plainValue = (standard: string | null, help: readonly string[]): Value => ({ standard, help, values: [] });
const thing = (inner: () => Settings): Value => ({ standard: '{}', help: [], values: [], inner });

const fields = (at: string, kind: string, config: Readonly<Record<string, Field>>): Settings =>
  Object.fromEntries(Object.entries(config).map(([name, field]) => [name, ofField(`${at}.${name}`, kind, field)]));

function ofField(path: string, kind: string, field: Field & { readonly nullable?: boolean }): Value {
  const help = helpLines(path, kind, field);
  if (field.type === 'kind') return { ...kinded(path, field.table), standard: JSON.stringify(field.default), help };
  const values =
    field.type === 'flag'
      ? ['true', 'false'].map((text) => ({ label: text, text }))
      : field.type === 'choice'
        ? field.choices.map((choice) => literal(choice))
        : [];
  const standard = field.nullable && typeof field.default === 'number' ? 'null' : JSON.stringify(field.default);
  return { standard, help, values: field.nullable ? [...values, { label: 'null', text: 'null' }] : values };
}

type Table = Readonly<Record<string, { readonly config: Fields; readonly help?: string }>>;

/** A thing from a table, or a list of such: its kind and, once that is written, the settings of that kind. */
function kinded(
  path: string,
  table: Table,
  { list = false, more = {} }: { list?: boolean; more?: Settings } = {}
): Value {
  const kinds = Object.entries(table).map(([kind, { help = '' }]) =>
    literal(kind, tMaybe(`help.kind.${kind}`, kindNote(path, kind, { help })))
  );
  const inner = (kind: string): Settings => ({
    ...more,
    kind: { standard: null, help: [], values: kinds },
    ...fields(path, kind, table[kind]?.config ?? {})
  });
  return { standard: list ? '[]' : '{}', help: [], values: list && more['id'] ? [] : kinds, inner };
}
