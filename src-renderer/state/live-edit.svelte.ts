/** The settings of a run while it trains, as the rows of settings edit them: what is typed waits for Enter or for the row to be left. */
import type { ChangeAct } from '../../src-worker/contract/agenda.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import { isEqual } from '../../src-worker/contract/json-patch.ts';
import { getPath, setPath } from '../../src-worker/contract/paths.ts';
import type { Problem } from '../../src-worker/contract/problems.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import { liveSettingOf } from '../../src-worker/graph/live-settings.ts';
import { t } from '../i18n/t.svelte.ts';
import { differencesOf } from './differences.ts';
import type { Edited } from './edited.ts';
import { lab } from './lab.svelte.ts';
import type { LiveRun } from './live-run.svelte.ts';
import type { LogEntry } from './run-picture.ts';

interface Value {
  readonly path: string;
  readonly value: unknown;
}
/** A change that was sent; `seen`: the lines of the log at that moment. */
interface Sent extends Value {
  readonly seen: number;
}

export class LiveEdit implements Edited {
  readonly isDraft = false;
  /** A text field has the focus: what comes is not complete. */
  typing = false;
  private readonly run: LiveRun;
  private staged = $state.raw<readonly Value[]>([]);
  private sent = $state.raw<readonly Sent[]>([]);
  private readonly inForce = $derived.by(() => this.run.effective);
  /** What became of the changes that were sent. */
  private readonly answers = $derived.by(() => {
    if (this.sent.length === 0) return [];
    const { log } = this.run.now.picture;
    return this.sent.map((one) => ({ ...one, answer: answerTo(one, log) }));
  });
  private readonly wanted = $derived.by(() => {
    const waiting = this.answers.filter(({ answer }) => answer === null);
    return [...waiting, ...this.staged].reduce(withValue, this.inForce);
  });
  private readonly checked = $derived(
    this.wanted === this.inForce
      ? { experiment: this.inForce, problems: [] }
      : checkExperiment(this.wanted, lab.datasets)
  );

  constructor(run: LiveRun) {
    this.run = run;
  }

  get experiment(): Experiment | null {
    return this.checked.experiment;
  }
  get problems(): readonly Problem[] {
    return this.checked.problems;
  }
  get dataset() {
    return lab.datasets.find(({ name }) => name === this.inForce.data.dataset) ?? null;
  }

  get(path: string): unknown {
    return getPath(this.wanted, path);
  }

  before(path: string): unknown {
    const [was, is] = [this.run.experiment, this.inForce].map((one) => getPath(one, path));
    return isEqual(was, is) ? undefined : was;
  }

  noteAt(path: string): string | undefined {
    const setting = liveSettingOf(this.inForce, path);
    if (!setting) return undefined;
    const isWaiting = this.answers.some((one) => one.answer === null && liesIn(path, one.path));
    if (isWaiting) return t(`live.waits.${setting.from}`);
    if (this.staged.some((one) => liesIn(path, one.path))) return t('live.typed');
    return t(`live.from.${setting.from}`);
  }

  refusalsAt(path: string): readonly string[] {
    if (this.staged.some((one) => one.path === path)) return [];
    return this.answers.flatMap((one) => (one.path === path && one.answer?.type === 'refused' ? [one.answer.why] : []));
  }

  setAll(paths: readonly string[], value: unknown): void {
    const others = this.staged.filter((one) => !paths.includes(one.path));
    this.staged = [...others, ...paths.map((path) => ({ path, value }))];
    if (!this.typing) this.commit();
  }

  /** Sends what was set, unless something is wrong with it. */
  commit(): void {
    if (this.staged.length === 0 || this.problems.length > 0) return;
    const changes = this.staged.flatMap(({ path, value }) => narrowed(this.inForce, path, value));
    const seen = this.run.picture.log.length;
    const paths = changes.map(({ path }) => path);
    this.sent = [
      ...this.sent.filter(({ path }) => !paths.includes(path)),
      ...changes.map((change) => ({ ...change, seen }))
    ];
    this.staged = [];
    for (const { path, value } of changes) this.run.change(path, value as ChangeAct['value']);
  }

  /** Forgets what was typed and not sent. */
  discard(): void {
    this.staged = [];
  }
}

const withValue = (experiment: Experiment, { path, value }: Value): Experiment => setPath(experiment, path, value);

const liesIn = (path: string, other: string) => path === other || path.startsWith(`${other}.`);

/** The first event since that tells what became of it. */
function answerTo({ path, seen }: Sent, log: readonly LogEntry[]) {
  for (const entry of log.slice(seen)) {
    if (entry.type !== 'act') continue;
    const { event } = entry;
    if (event.type === 'change' && event.path === path) return event;
    if (event.type === 'refused' && event.act.kind === 'change' && event.act.path === path) return event;
  }
  return null;
}

/** A list or a thing with settings of its own of which one has changed is changed there alone: so it reads in the record. */
function narrowed(experiment: Experiment, path: string, value: unknown): Value[] {
  const changed = withValue(experiment, { path, value });
  const { rows } = differencesOf([experiment, changed]);
  if (rows.length === 0) return [];
  const only = rows.length === 1 ? rows[0]! : null;
  const isWithin =
    only !== null &&
    liesIn(only.path, path) &&
    !only.path.endsWith('.kind') && // another kind has other settings
    only.values.every((one) => one !== undefined);
  return isWithin ? [{ path: only.path, value: only.values[1] }] : [{ path, value }];
}
