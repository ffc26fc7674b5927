/** All runs: the history from the store, those that this page trains, and the pictures that were opened. */
import { SvelteMap } from 'svelte/reactivity';
import type { RunSummary } from '../../src-worker/contract/lab-api.ts';
import { lab } from './lab.svelte.ts';
import { LiveRun, type Resumption, type RunRequest } from './live-run.svelte.ts';
import { pictureOf } from './run-picture.ts';
import { resumptionOf } from './resumption.ts';
import { RunView } from './run-view.svelte.ts';

const PAGE = 2000;
/** The newest runs, asked for again whenever runs change. */
const NEWEST = 50;
const KEPT_VIEWS = 60;
const REFRESH_AFTER_MS = 300;
const RETRY_AFTER_MS = 2000;
/** Opened runs that train elsewhere are read again no more often than this. */
const REREAD_AFTER_MS = 1500;
/** Ended runs of this page that stay in memory as they were. */
const KEPT_ENDED = 20;

class Runs {
  /** Newest first. */
  history = $state.raw<RunSummary[]>([]);
  loaded = $state(false);
  readonly live = new SvelteMap<number, LiveRun>();
  private readonly views = new SvelteMap<number, RunView>();
  private readonly opening = new Map<number, Promise<RunView>>();
  private stale = new Set<number>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reread: ReturnType<typeof setTimeout> | undefined;
  private readonly staleViews = new Set<number>();

  readonly running = $derived([...this.live.values()].filter((run) => run.isLive));
  /** The history with what this page knows better: the numbers of the runs it trains. */
  readonly rows = $derived(this.history.map((row) => withLive(row, this.live.get(row.id))));

  row(id: number): RunSummary | undefined {
    return this.rows.find((row) => row.id === id);
  }

  /** Stores the run and starts training it. Throws: what `createRun` throws. */
  async start(request: RunRequest, more: Resumption = {}): Promise<LiveRun> {
    const { id, experiment, claim } = await lab.api.createRun(request);
    return this.train(new LiveRun(id, experiment, claim), request, more);
  }

  /** Goes on with a run that was cut off or stopped. Throws: `checkpoint_not_found`, and what `reopenRun` throws. */
  async resume(id: number, threads: number): Promise<LiveRun> {
    const { experiment, events } = await lab.api.getRun(id);
    const { backend, ...more } = await resumptionOf(id, events);
    const { claim } = await lab.api.reopenRun(id);
    this.views.delete(id);
    return this.train(new LiveRun(id, experiment, claim, pictureOf(events)), { backend, threads }, more);
  }

  private train(run: LiveRun, request: Omit<RunRequest, 'experiment'>, more: Resumption): LiveRun {
    this.live.set(run.id, run);
    this.forgetOldest();
    void run.start(request, more);
    this.changed([run.id]);
    return run;
  }

  /** The run's picture: live if it runs here, else read from the store and kept. */
  async open(id: number): Promise<RunView> {
    const known = this.live.get(id) ?? this.views.get(id);
    if (known) return known;
    const reading = this.opening.get(id) ?? this.read(id).finally(() => this.opening.delete(id));
    this.opening.set(id, reading);
    return reading;
  }

  view(id: number): RunView | undefined {
    return this.live.get(id) ?? this.views.get(id);
  }

  /** A run that is created meanwhile moves the others down, so that some come twice: each is kept once. */
  async loadAll(): Promise<void> {
    const rows: RunSummary[] = [];
    for (let page = await this.readPage(0); ; page = await this.readPage(rows.length)) {
      rows.push(...page);
      if (page.length < PAGE) break;
    }
    this.history = [...new Map(rows.map((row) => [row.id, row])).values()];
    this.loaded = true;
  }

  /** The lab is there again: what this page trains is still its own, and anything may have changed. */
  reconnected(): void {
    for (const run of this.running) run.claim();
    this.changed([]);
  }

  /** Some runs changed in the store, all of them where `ids` is empty. Bursts are answered once. */
  changed(ids: readonly number[]): void {
    for (const id of ids) this.stale.add(id);
    if (ids.length === 0) this.stale.add(0);
    this.timer ??= setTimeout(() => void this.refresh(), REFRESH_AFTER_MS);
  }

  private async refresh(): Promise<void> {
    const stale = this.stale;
    this.stale = new Set();
    this.timer = undefined;
    try {
      const newest = await lab.api.listRuns({ limit: NEWEST, offset: 0 });
      const seen = new Map(newest.map((row) => [row.id, row]));
      const known = new Set(this.history.map(({ id }) => id));
      const oldest = newest.at(-1)?.id ?? 0;
      const reachable = [...stale].every((id) => seen.has(id)) && (newest.length < NEWEST || known.has(oldest));
      if (!reachable) await this.loadAll();
      else this.history = [...newest, ...this.history.filter(({ id }) => !seen.has(id))];
      for (const id of this.views.keys()) if (stale.has(id) || stale.has(0)) this.staleViews.add(id);
      if (this.staleViews.size > 0) this.reread ??= setTimeout(() => void this.readAgain(), REREAD_AFTER_MS);
    } catch (error) {
      console.warn('The history could not be read; it is asked for again.', error);
      for (const id of stale) this.stale.add(id);
      void lab.ready().then(() => (this.timer ??= setTimeout(() => void this.refresh(), RETRY_AFTER_MS)));
    }
  }

  private async readAgain(): Promise<void> {
    this.reread = undefined;
    const ids = [...this.staleViews];
    this.staleViews.clear();
    const keep = (error: unknown) => console.warn('A run could not be read again; its picture stays as it was.', error);
    await Promise.all(ids.map((id) => this.read(id).catch(keep)));
  }

  /** What the store has in full can be read back: a page that is open for weeks does not grow. */
  private forgetOldest(): void {
    const ended = [...this.live.values()].filter((run) => !run.isLive && !run.refused);
    for (const run of ended.slice(0, -KEPT_ENDED)) void run.stored().then(() => this.live.delete(run.id));
  }

  private async read(id: number): Promise<RunView> {
    const view = RunView.of(await lab.api.getRun(id));
    this.views.delete(id);
    this.views.set(id, view);
    for (const oldest of [...this.views.keys()].slice(0, -KEPT_VIEWS)) this.views.delete(oldest);
    return view;
  }

  private readPage(offset: number): Promise<RunSummary[]> {
    return lab.api.listRuns({ limit: PAGE, offset });
  }
}

function withLive(row: RunSummary, run: LiveRun | undefined): RunSummary {
  if (!run) return row;
  const { picture } = run.now;
  const last = picture.epochs.at(-1);
  const best = picture.best;
  return {
    ...row,
    status: picture.status,
    backend: picture.machine?.backend ?? row.backend,
    parameters: picture.start?.parameters ?? row.parameters,
    seconds: picture.seconds,
    epochs: picture.plannedEpochs || row.epochs,
    epochsDone: picture.epochs.at(-1)?.epoch ?? 0,
    last: last ? { train: last.train, dev: last.dev } : null,
    best: best ? { epoch: best.epoch, train: best.train, dev: best.dev } : null,
    test: picture.end?.test ?? null
  };
}

export const runs = new Runs();
