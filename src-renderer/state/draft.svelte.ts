/** The next run as it is being set up: an experiment, checked at every change, and what it was taken from. */
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import type { Experiment, NetworkSpec, NodeSpec } from '../../src-worker/contract/experiment.ts';
import type { Preset } from '../../src-worker/contract/lab-api.ts';
import { getPath, setPath } from '../../src-worker/contract/paths.ts';
import type { Problem } from '../../src-worker/contract/problems.ts';
import type { BackendRequest } from '../../src-worker/contract/run.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import { describeNetwork } from '../../src-worker/graph/describe.ts';
import { reportOf } from '../../src-worker/graph/report.ts';
import { resolveNetwork } from '../../src-worker/graph/resolve-network.ts';
import { optimizerChoices } from '../../src-worker/graph/choices.ts';
import { differencesOf } from './differences.ts';
import { DraftHistory } from './draft-history.svelte.ts';
import { lab } from './lab.svelte.ts';

/** Where a draft began: a preset or a run. */
export type Basis = { type: 'preset'; preset: Preset } | { type: 'run'; id: number };

export const MOST_THREADS = 64;

class Draft {
  /** null until the first preset or run is taken. */
  history = $state.raw<DraftHistory | null>(null);
  /** What was typed, valid or not. */
  readonly experiment = $derived(this.history?.document.experiment ?? null);
  readonly layout = $derived(this.history?.document.layout ?? {});
  backend = $state<BackendRequest>('auto');
  /** Compute threads, as typed; 0: as many as help. */
  threads = $state<number | string>(0);
  readonly threadsValid = $derived(
    Number.isInteger(this.threads) && Number(this.threads) >= 0 && Number(this.threads) <= MOST_THREADS
  );
  basis = $state.raw<Basis | null>(null);
  private origin = $state.raw<Experiment | null>(null);

  /** Everything that is known of it, also where it is broken. */
  readonly report = $derived(reportOf(this.experiment, lab.datasets));
  readonly problems = $derived<readonly Problem[]>(this.experiment ? this.report.problems : []);
  readonly dataset = $derived(lab.datasets.find(({ name }) => name === this.experiment?.data.dataset));
  readonly description = $derived(
    this.report.experiment && this.dataset ? describeNetwork(this.report.experiment, this.dataset.shape) : null
  );
  /** Paths that differ from what the draft was taken from. */
  readonly changes = $derived(
    this.experiment && this.origin ? differencesOf([this.origin, this.experiment]).rows.map(({ path }) => path) : []
  );

  take(experiment: Experiment, basis: Basis): void {
    // Defaults are filled in, so that only what a person changed counts as changed.
    const whole = checkExperiment(experiment, lab.datasets).experiment ?? experiment;
    this.history = new DraftHistory({ experiment: whole, layout: {} });
    this.origin = whole;
    this.basis = basis;
  }

  /** One step of undo; see DraftHistory. */
  edit(...step: Parameters<DraftHistory['edit']>): void {
    this.history?.edit(...step);
  }

  undo(): void {
    this.history?.undo();
  }

  redo(): void {
    this.history?.redo();
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
      preset
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
    if (!this.experiment) return;
    const changed = setPath(this.experiment, path, value);
    this.edit('set', (document) => ({ ...document, experiment: changed }), path);
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
  readonly hiddenLayers = $derived<NodeSpec[]>(
    this.experiment
      ? this.experiment.network.nodes.filter(
          ({ id, init }) => init !== undefined && this.experiment!.network.edges.some(([from]) => from === id)
        )
      : []
  );

  /** The rule that all hidden layers share; null where they differ. */
  readonly hiddenInit = $derived(sharedInit(this.hiddenLayers));
  /** The rule before it was changed; undefined when it was not. */
  readonly hiddenInitBefore = $derived.by(() => {
    const before = this.hiddenLayers.map(({ id }) => this.before(`network.nodes.${id}`) as NodeSpec | undefined);
    const shared = sharedInit(before.filter((node) => node !== undefined));
    return JSON.stringify(shared) === JSON.stringify(this.hiddenInit) ? undefined : shared;
  });

  setHiddenInit(init: { kind: string; [setting: string]: unknown }): void {
    for (const { id } of this.hiddenLayers) this.set(`network.nodes.${id}.init`, init);
  }
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
