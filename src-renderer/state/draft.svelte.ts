/** The next run as it is being set up: an experiment, checked and stored at every change, and what it was taken from. */
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import type { Basis, DraftDocument, DraftRecord } from '../../src-worker/contract/drafts.ts';
import {
  experimentSchema,
  type Experiment,
  type NetworkSpec,
  type NodeSpec
} from '../../src-worker/contract/experiment.ts';
import type { Preset } from '../../src-worker/contract/lab-api.ts';
import { getPath, setPath } from '../../src-worker/contract/paths.ts';
import type { Problem } from '../../src-worker/contract/problems.ts';
import type { BackendRequest } from '../../src-worker/contract/run.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import { reportOf } from '../../src-worker/report/report.ts';
import { resolveNetwork } from '../../src-worker/graph/resolve-network.ts';
import { families, optimizerChoices } from '../../src-worker/graph/choices.ts';
import { build } from './build.svelte.ts';
import { differencesOf } from './differences.ts';
import { DraftHistory } from './draft-history.svelte.ts';
import { DraftSaver, type Beginning } from './draft-saver.svelte.ts';
import { formed } from './formed.ts';
import { lab } from './lab.svelte.ts';
import { withValue } from './set-value.ts';
import { settings } from './settings.svelte.ts';

export type { Basis };

export const MOST_THREADS = 64;

class Draft {
  /** null until the first preset or run is taken. */
  history = $state.raw<DraftHistory | null>(null);
  /** What was typed, valid or not, in the form that views rely on. */
  readonly experiment = $derived(this.history ? formed(this.history.document.experiment) : null);
  readonly layout = $derived(this.history?.document.layout ?? {});
  backend = $state<BackendRequest>('auto');
  /** Compute threads, as typed; 0: as many as help. */
  threads = $state<number | string>(0);
  readonly threadsValid = $derived(
    Number.isInteger(this.threads) && Number(this.threads) >= 0 && Number(this.threads) <= MOST_THREADS
  );
  private beginning = $state.raw<Beginning | null>(null);
  readonly basis = $derived(this.beginning?.basis ?? null);
  private readonly origin = $derived(this.beginning ? formed(this.beginning.origin) : null);
  /** Its way to the store. */
  saver = $state.raw<DraftSaver | null>(null);
  /** Another window has changed it; see DraftSaver. */
  onConflict: (saver: DraftSaver) => void = () => undefined;

  /** Everything that is known of it, also where it is broken. */
  readonly report = $derived(reportOf(this.history?.document.experiment, lab.datasets));
  readonly problems = $derived<readonly Problem[]>(this.experiment ? this.report.problems : []);
  readonly dataset = $derived(lab.datasets.find(({ name }) => name === this.experiment?.data.dataset));
  readonly description = $derived(this.report.experiment ? this.report : null);
  /** Paths that differ from what the draft was taken from. */
  readonly changes = $derived(
    this.experiment && this.origin ? differencesOf([this.origin, this.experiment]).rows.map(({ path }) => path) : []
  );

  /** Opens a new document. The one before stays among the drafts, unless nobody has edited it: then this one takes its place. */
  take(experiment: Experiment, basis: Basis): void {
    // Defaults are filled in, so that only what a person changed counts as changed.
    const whole = completed(experiment, lab.datasets);
    const [history, beginning] = [new DraftHistory({ experiment: whole, layout: {} }), { basis, origin: whole }];
    const saver = (this.isUntouched && this.saver) || new DraftSaver(history, beginning);
    Object.assign(saver, { history, beginning });
    this.show(saver);
    saver.touch();
  }

  /** Goes on with a draft of the store, where it was left. */
  open({ summary, document, origin, ...progress }: DraftRecord): void {
    const [history, beginning] = [new DraftHistory(document, progress), { basis: summary.basis, origin }];
    this.show(DraftSaver.of(summary.id, summary.revision, history, beginning));
  }

  private show(saver: DraftSaver): void {
    const { history, beginning } = saver;
    if (this.saver !== saver) void this.saver?.flush(); // what comes next may look for it in the store
    Object.assign(this, { saver, history, beginning });
    build.selected = [];
    settings.openDraft = saver.id;
    saver.onConflict = () => this.onConflict(saver);
  }

  /** Nothing of anybody's work is in it. */
  get isUntouched(): boolean {
    return this.history?.edits.length === 0 && this.history.older === 0 && this.basis?.type !== 'file';
  }

  /** What it is becomes what changes are counted from, as when a run of it is started. */
  rebase(basis: Basis, origin: Experiment): void {
    if (!this.saver) return;
    this.saver.beginning = this.beginning = { basis, origin };
    this.saver.touch();
  }

  /** One step of undo; see DraftHistory. */
  edit(...step: Parameters<DraftHistory['edit']>): void {
    this.history?.edit(...step);
    this.saver?.touch();
  }

  undo(): void {
    this.history?.undo();
    this.saver?.touch();
  }

  redo(): void {
    this.history?.redo();
    this.saver?.touch();
  }

  rename(name: string): void {
    this.edit('rename-draft', renamed(name));
  }

  /** The network as another one, made by the functions of graph/edit. */
  editNetwork(what: string, change: (network: NetworkSpec) => NetworkSpec): void {
    this.edit(what, ({ experiment, ...rest }) => ({
      ...rest,
      experiment: { ...experiment, network: change(experiment.network) }
    }));
  }

  takePreset(preset: Preset): void {
    const dataset = preferredDataset(preset, lab.datasets);
    this.take(dataset ? setPath(preset.experiment, 'data.dataset', dataset) : preset.experiment, {
      type: 'preset',
      name: preset.name
    });
  }

  get(path: string): unknown {
    return getPath(this.experiment, path);
  }

  /** The value at `path` before any change. */
  before(path: string): unknown {
    return getPath(this.origin, path);
  }

  set(path: string, value: unknown): void {
    this.setAll([path], value);
  }

  /** One step of undo; what is typed shortly after another at the same place joins it. */
  setAll(paths: readonly string[], value: unknown): void {
    const change = (typed: Experiment, path: string) => withValue(typed, formed(typed), path, value);
    this.edit(
      'set',
      ({ experiment, ...rest }) => ({ ...rest, experiment: paths.reduce(change, experiment) }),
      paths.join(' ')
    );
  }

  /** Another optimizer brings its own settings; the learning rate becomes its usual one. */
  setOptimizer(kind: string): void {
    const config = Object.entries(optimizerChoices[kind]?.config ?? {}).map(([name, field]) => [name, field.default]);
    this.set('training.optimizer', { kind, ...Object.fromEntries(config) });
  }

  revert(): void {
    const { origin } = this;
    if (origin) this.edit('revert', (document) => ({ ...document, experiment: origin }));
  }

  problemsAt(path: string): readonly Problem[] {
    return this.problems.filter((problem) => problem.path === path);
  }

  /** Layers with initial weights that another layer follows. */
  readonly hiddenLayers = $derived.by<NodeSpec[]>(() => {
    const { nodes, edges } = this.experiment?.network ?? { nodes: [], edges: [] };
    const followed = new Set(edges.map(([from]) => from));
    return nodes.filter(({ id, init }) => init !== undefined && followed.has(id));
  });

  /** The rule that all hidden layers share; null where they differ. */
  readonly hiddenInit = $derived(sharedInit(this.hiddenLayers));
  /** The rule before it was changed; undefined when it was not. */
  readonly hiddenInitBefore = $derived.by(() => {
    const before = this.hiddenLayers.map(({ id }) => this.before(`network.nodes.${id}`) as NodeSpec | undefined);
    const shared = sharedInit(before.filter((node) => node !== undefined));
    return JSON.stringify(shared) === JSON.stringify(this.hiddenInit) ? undefined : shared;
  });

  setHiddenInit(init: { kind: string; [setting: string]: unknown }): void {
    const ids = new Set(this.hiddenLayers.map(({ id }) => id));
    this.editNetwork('set', ({ nodes, ...rest }) => ({
      ...rest,
      nodes: nodes.map((node) => (ids.has(node.id) ? { ...node, init } : node))
    }));
  }
}

export const renamed = (name: string) => (document: DraftDocument) => ({
  ...document,
  experiment: { ...document.experiment, name }
});

/** With defaults, as far as it can be read. */
function completed(experiment: Experiment, datasets: readonly DatasetInfo[]): Experiment {
  return checkExperiment(experiment, datasets).experiment ?? experimentSchema.safeParse(experiment).data ?? experiment;
}

function sharedInit(layers: readonly NodeSpec[]) {
  const rules = layers.map((node) => JSON.stringify(kinded(node['init'])));
  return rules.length > 0 && rules.every((rule) => rule === rules[0]) ? kinded(layers[0]!['init']) : null;
}

const kinded = (init: unknown): { kind: string; [setting: string]: unknown } =>
  typeof init === 'string' ? { kind: init } : ((init as { kind: string } | undefined) ?? { kind: 'he-normal' });

/** What keeps a dataset from feeding this experiment's network: its shape, the number of its classes, or that it has none; null when it can. */
export function refusalOf(
  experiment: Experiment,
  dataset: DatasetInfo,
  datasets: readonly DatasetInfo[]
): 'shape' | 'classes' | 'values' | null {
  // The fault is the network's own.
  if (experiment.network.nodes.some(({ kind }) => !Object.hasOwn(families.layers, kind))) return null;
  const { problems } = checkExperiment(setPath(experiment, 'data.dataset', dataset.name), datasets);
  if (!problems.some(({ path }) => path.startsWith('network.'))) return null;
  if (resolveNetwork(experiment.network, dataset.shape).problems.length > 0) return 'shape';
  return dataset.classes.length > 0 ? 'classes' : 'values';
}

/** The preset's own dataset, or, where that is not here, an embedded one of the same shape. */
function preferredDataset({ experiment }: Preset, datasets: readonly DatasetInfo[]): string | null {
  const wanted = experiment.data.dataset;
  if (datasets.some(({ name }) => name === wanted)) return wanted;
  const kin = datasets.filter(({ name }) => name.startsWith(wanted.split('-')[0]!));
  return kin[0]?.name ?? null;
}

export const draft = new Draft();
