/** All settings of an experiment of which a fork may change one, each as one row. */
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import { earlyStoppingSchema } from '../../src-worker/contract/experiment.ts';
import { choice, flag, type Field, type Fields } from '../../src-worker/contract/fields.ts';
import { getPath, setPath } from '../../src-worker/contract/paths.ts';
import { families } from '../../src-worker/graph/choices.ts';
import { clipFields } from '../../src-worker/graph/frame-fields.ts';
import { liveSettingOf } from '../../src-worker/graph/live-settings.ts';
import { fieldsIn, kindAt, type SettingField } from './setting-field.ts';

export interface ForkEntry {
  readonly path: string;
  readonly field: SettingField;
  /** What has the setting. */
  readonly kind: string;
  /** As its control shows it. */
  read(experiment: Experiment): unknown;
  with(experiment: Experiment, value: unknown): Experiment;
}

const FRAME = ['training', '', 'training.regularize', 'data', 'data.split'];
const TABLES = { optimizer: families.optimizers, schedule: families.schedules, loss: families.losses } as const;
const NONE = 'none';

/** What is tuned first comes first. */
export function forkEntries(experiment: Experiment): ForkEntry[] {
  const { training, network } = experiment;
  const tables = Object.entries(TABLES).filter(([name]) => name !== 'loss' || Object.keys(training.heads).length === 0);
  return [
    ...plain(experiment, 'training.optimizer'),
    ...tables.map(([name, table]) => kindEntry(`training.${name}`, table)),
    ...FRAME.flatMap((holder) => plain(experiment, holder)),
    ...tables.flatMap(([name]) => (name === 'optimizer' ? [] : plain(experiment, `training.${name}`))),
    ...network.nodes.flatMap(({ id }) => plain(experiment, `network.nodes.${id}`)),
    clip,
    ...(training.clip ? plain(experiment, 'training.clip').filter(({ path }) => path !== clip.path) : []),
    early,
    ...(training.earlyStopping ? plain(experiment, early.path) : [])
  ];
}

/** A state of other layers does not fit; everything else may go on from it. */
export const fitsCheckpoint = (experiment: Experiment, path: string): boolean =>
  !path.startsWith('network.') || liveSettingOf(experiment, path) !== undefined;

/** The settings of what stands at `holder`, one by one. */
function plain(experiment: Experiment, holder: string): ForkEntry[] {
  const kind = kindAt(experiment, holder);
  return Object.entries(fieldsIn(experiment, holder)).map(([name, field]) => {
    const path = holder === '' ? name : `${holder}.${name}`;
    if (field.type === 'kind') return kindEntry(path, field.table, field.default);
    return {
      path,
      field,
      kind,
      read: (from) => getPath(from, path) ?? (field.nullable ? null : field.default),
      with: (from, value) => setPath(from, path, value)
    };
  });
}

/** A thing from a table: another one keeps the settings that both have, so that one thing changes. */
function kindEntry(
  holder: string,
  table: Readonly<Record<string, { readonly config: Fields }>>,
  standard?: string
): ForkEntry {
  const names = Object.keys(table);
  const kindIn = (from: Experiment) => {
    const is = getPath(from, holder);
    return typeof is === 'string' ? is : kindAt(from, holder) || (standard ?? names[0]!);
  };
  return {
    path: `${holder}.kind`,
    field: choice(standard ?? names[0]!, names, ''),
    kind: '',
    read: kindIn,
    with(from, kind) {
      if (kind === kindIn(from)) return from;
      const config: Readonly<Record<string, Field>> = table[String(kind)]?.config ?? {};
      const had = (getPath(from, holder) ?? {}) as Readonly<Record<string, unknown>>;
      const settings = Object.entries(config).map(([name, field]) => [name, had[name] ?? field.default]);
      return setPath(from, holder, { kind, ...Object.fromEntries(settings) });
    }
  };
}

const clip: ForkEntry = {
  path: 'training.clip.kind',
  field: choice(NONE, [NONE, ...Object.keys(clipFields)], ''),
  kind: '',
  read: ({ training }) => training.clip?.kind ?? NONE,
  with: (from, kind) =>
    setPath(
      from,
      'training.clip',
      kind === NONE ? null : { ...from.training.clip, kind, limit: from.training.clip?.limit ?? 1 }
    )
};

const early: ForkEntry = {
  path: 'training.earlyStopping',
  field: flag(false, ''),
  kind: '',
  read: ({ training }) => training.earlyStopping !== null,
  with: (from, isOn) => setPath(from, 'training.earlyStopping', isOn ? earlyStoppingSchema.parse({}) : null)
};
