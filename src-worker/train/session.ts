/**
 * A run between two steps: its experiment with all changes so far, the plan and the engine that train it, and how far it has come.
 *
 * Not the loop: nothing here decides when anything happens.
 */
import type { Engine } from '../backends/backend.ts';
import type { Appointment, ChangeAct } from '../contract/agenda.ts';
import { LabError } from '../contract/errors.ts';
import type { Experiment } from '../contract/experiment.ts';
import { getPath, setPath } from '../contract/paths.ts';
import { describeProblem } from '../contract/problems.ts';
import type { Metrics, Setting } from '../contract/run.ts';
import { checkExperiment } from '../graph/check-experiment.ts';
import { liveSettingOf, liveSettings } from '../graph/live-settings.ts';
import type { Plan } from '../plan/plan.ts';
import { EarlyStopping, type Waiting } from './early-stopping.ts';
import type { Arenas } from './failover.ts';
import { emptyArenas, moveArenas } from './move-arenas.ts';
import { planFor } from './plan-for.ts';
import type { PreparedData } from './prepare-data.ts';
import type { Place, RunState } from './run-state.ts';

export interface SessionParts {
  readonly experiment: Experiment;
  readonly plan: Plan;
  readonly engine: Engine;
  readonly data: PreparedData;
  /** An engine for another plan on the backend that computes now, with these values in its arenas. Throws: `out_of_memory`. */
  engineFor(plan: Plan, arenas: Arenas): Promise<Engine>;
}

type Value = ChangeAct['value'];

export type Changed = { readonly from: Value; readonly to: Value } | { readonly why: string };

export class Session {
  readonly data: PreparedData;
  readonly #engineFor: SessionParts['engineFor'];
  experiment: Experiment;
  /** Changes that are in force, in the order in which they were made. */
  changes: Setting[] = [];
  plan: Plan;
  engine: Engine;
  place: Place = { step: 0, epoch: 1, at: 0, line: 0 };
  /** Sums of the measures over the steps of the epoch so far. */
  totals: Float64Array;
  /** What came of the epochs before: of the dev set, where there is one. */
  history: Metrics[] = [];
  stopping: EarlyStopping | null;

  constructor({ experiment, plan, engine, data, engineFor }: SessionParts) {
    this.experiment = experiment;
    this.plan = plan;
    this.engine = engine;
    this.data = data;
    this.#engineFor = engineFor;
    this.totals = new Float64Array(plan.measures.length);
    this.stopping = stoppingOf(experiment);
  }

  /** Steps of an epoch as the settings are now. */
  get stepsPerEpoch(): number {
    return Math.ceil(this.data.splits.train.length / this.plan.batchSize);
  }

  /** Sets one setting, or says why it cannot be: then nothing has changed. */
  async change({ path, value }: Pick<ChangeAct, 'path' | 'value'>): Promise<Changed> {
    const setting = liveSettingOf(this.experiment, path);
    if (!setting) {
      const known = liveSettings(this.experiment).map((one) => one.path);
      return { why: `${path} cannot change while a run trains; it takes a new run. These can: ${known.join(', ')}.` };
    }
    try {
      const { experiment, problems } = checkExperiment(setPath(this.experiment, path, value), [this.data.info]);
      if (!experiment) return { why: describeProblem(problems[0]!) };
      const valueIn = (one: Experiment) => (getPath(one, path) ?? null) as Value;
      const [from, to] = [valueIn(this.experiment), valueIn(experiment)];
      await this.#turnTo(experiment, setting.readLive ? this.plan : planFor(experiment, this.data));
      this.changes.push({ step: this.place.step + 1, path, to });
      return { from, to };
    } catch (error) {
      if (error instanceof LabError) return { why: error.message };
      throw error;
    }
  }

  async snapshot(seconds: number, planned: readonly Appointment[]): Promise<RunState> {
    const { experiment, changes, place, totals, history, stopping } = this;
    const arenas: Record<string, Float32Array> = {};
    for (const name of ['w', ...this.plan.states]) arenas[name] = await this.engine.read(name);
    if (stopping?.weights) arenas['best'] = stopping.weights;
    return {
      ...{
        experiment,
        changes: [...changes],
        place: { ...place },
        seconds,
        totals: [...totals],
        history: [...history]
      },
      ...{ stopping: stopping?.waiting ?? null, planned, arenas }
    };
  }

  /** Goes on from a state of this run, with its settings. */
  async restore({ experiment, changes, place, totals, history, stopping, arenas }: RunState): Promise<void> {
    const { best, ...own } = arenas;
    if (JSON.stringify(experiment) === JSON.stringify(this.experiment)) await this.#write(own);
    else {
      const plan = planFor(experiment, this.data);
      this.engine = await this.#replaced(plan, own);
      Object.assign(this, { experiment, plan });
    }
    this.changes = [...changes];
    this.place = { ...place };
    this.totals = Float64Array.from(totals);
    this.history = [...history];
    this.stopping = stoppingOf(experiment, stopping ?? undefined, best);
  }

  /**
   * Goes on from a state of another run with the settings of this one: what has the same name has the same values, and what the optimizer
   * has not yet remembered begins at zero. An epoch that is cut otherwise begins anew.
   * Throws: `invalid_experiment` naming the parameter that has another size.
   */
  async adopt({ experiment, place, totals, history, arenas }: RunState): Promise<void> {
    const { best: _, ...others } = arenas;
    const plan = planFor(experiment, this.data);
    const own = { ...emptyArenas(this.plan), ...moveArenas(others, plan, this.plan) };
    await this.#write(own);
    const sameCut = plan.batchSize === this.plan.batchSize;
    const before = { ...place, step: place.step - place.at, at: 0 };
    this.place = { ...(sameCut ? place : before), line: 0 };
    if (sameCut && totals.length === this.totals.length) this.totals.set(totals);
    this.history = [...history];
  }

  /** The other settings, with the same weights in an engine for them. */
  async #turnTo(experiment: Experiment, plan: Plan): Promise<void> {
    const { earlyStopping } = experiment.training;
    const isWatching = earlyStopping?.monitor === this.stopping?.monitor;
    const { waiting, weights } = (isWatching && this.stopping) || { waiting: undefined, weights: null };
    if (plan !== this.plan) {
      const arenas: Record<string, Float32Array> = {};
      for (const name of ['w', ...this.plan.states]) arenas[name] = await this.engine.read(name);
      const moved = moveArenas({ ...arenas, ...(weights && { best: weights }) }, this.plan, plan);
      const { best = null, ...own } = moved;
      this.engine = await this.#replaced(plan, { ...emptyArenas(plan), ...own });
      this.plan = plan;
      this.stopping = stoppingOf(experiment, waiting, best);
    } else this.stopping = stoppingOf(experiment, waiting, weights);
    this.experiment = experiment;
  }

  async #write(arenas: Arenas): Promise<void> {
    for (const [name, values] of Object.entries(arenas)) await this.engine.write(name, values);
  }

  /** The old engine ends only when the one for the new plan is there. */
  async #replaced(plan: Plan, arenas: Arenas): Promise<Engine> {
    const engine = await this.#engineFor(plan, arenas);
    await this.engine.close();
    return engine;
  }
}

const stoppingOf = (
  { training }: Experiment,
  waiting?: Waiting,
  weights: Float32Array | null = null
): EarlyStopping | null => training.earlyStopping && new EarlyStopping(training.earlyStopping, waiting, weights);
