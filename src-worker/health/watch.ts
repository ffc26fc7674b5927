/**
 * Hears the events of one run and says what is wrong with it, once: again only after it has been over.
 *
 * Its memory is bounded, and the same events give the same findings. A run that is taken up again has a new one, which hears what is on
 * record first. Called by the training loop.
 */
import type { Experiment } from '../contract/experiment.ts';
import type { HealthEvent } from '../contract/health.ts';
import type { LayersEvent } from '../contract/layers.ts';
import type { BackEvent, EndEvent, EpochEvent, RunEvent } from '../contract/run.ts';
import { LossStrips, type Strip } from './loss-strips.ts';
import type { HealthRule, NewsKind, Symptom } from './rule.ts';
import type { Seen } from './seen.ts';
import { healthRules } from './table.ts';

/** Looks and epochs that rules can go back to. */
const KEPT = 8;
/** Tiny networks have thousands of epochs a second: beyond the first hundred, rules are asked each time a run is so much longer. */
const LONGER = 0.01;

export interface WatchOptions {
  readonly experiment: Experiment;
  readonly stepsPerEpoch: number;
}

export class HealthWatch {
  readonly #strips: LossStrips;
  readonly #looks: LayersEvent[] = [];
  readonly #epochs: EpochEvent[] = [];
  readonly #seen: { -readonly [K in keyof Seen]: Seen[K] };
  #step = 0;
  #nextEpoch = 0;
  /** By rule, and by layer where it is told of each. */
  readonly #told = new Set<string>();

  constructor({ experiment, stepsPerEpoch }: WatchOptions) {
    this.#strips = new LossStrips(stepsPerEpoch);
    const nothing = { firstEpoch: null, bestEpoch: null, firstLoss: null, end: null };
    const strips: Strip[] = [];
    this.#seen = { experiment, looks: this.#looks, epochs: this.#epochs, strips, ...nothing };
  }

  /** What has come up by this event. */
  hear(event: RunEvent | LayersEvent): HealthEvent[] {
    switch (event.type) {
      case 'layers':
        return this.#hearLook(event);
      case 'steps':
        return event.loss.flatMap((loss, at) => this.#hearLoss(loss, event.from + at));
      case 'epoch':
        return this.#hearEpoch(event);
      case 'back':
        return this.#goBack(event);
      case 'end':
        return this.#hearEnd(event);
      default:
        return [];
    }
  }

  #hearLook(look: LayersEvent): HealthEvent[] {
    this.#step = look.step;
    keep(this.#looks, look);
    if (look.step === 0) this.#seen.firstLoss = look.loss;
    return this.#ask('look');
  }

  #hearLoss(loss: number | null, step: number): HealthEvent[] {
    this.#step = step;
    this.#seen.firstLoss ??= loss;
    if (!this.#strips.add(loss)) return [];
    this.#seen.strips = this.#strips.strips();
    return this.#ask('losses');
  }

  #hearEpoch(event: EpochEvent): HealthEvent[] {
    this.#step = event.step;
    keep(this.#epochs, event);
    this.#seen.firstEpoch ??= event;
    const loss = event.dev?.loss ?? Infinity;
    if (loss < (this.#seen.bestEpoch?.dev?.loss ?? Infinity)) this.#seen.bestEpoch = event;
    if (event.epoch < this.#nextEpoch) return [];
    this.#nextEpoch = event.epoch + Math.max(1, Math.floor(LONGER * event.epoch));
    return this.#ask('epoch');
  }

  /** What was seen beyond the checkpoint is of weights that are no more; what was told of there may be told again. */
  #goBack({ to, epoch }: BackEvent): HealthEvent[] {
    this.#step = to;
    const { firstEpoch, bestEpoch } = this.#seen;
    forget(this.#looks, (look) => look.step > to);
    forget(this.#epochs, (one) => one.epoch > epoch);
    if (firstEpoch && firstEpoch.epoch > epoch) this.#seen.firstEpoch = null;
    if (bestEpoch && bestEpoch.epoch > epoch) this.#seen.bestEpoch = leastOf(this.#epochs);
    this.#strips.clear();
    this.#seen.strips = [];
    this.#nextEpoch = epoch;
    this.#told.clear();
    return [];
  }

  #hearEnd(event: EndEvent): HealthEvent[] {
    this.#step = event.step;
    this.#seen.end = event;
    return this.#ask('end');
  }

  #ask(news: NewsKind): HealthEvent[] {
    return healthRules.flatMap((rule) => (rule.hears.includes(news) ? this.#askRule(rule) : []));
  }

  #askRule(rule: HealthRule): HealthEvent[] {
    const symptoms = rule.find(this.#seen);
    const present = new Set(symptoms.map((symptom) => keyOf(rule, symptom)));
    for (const key of this.#told) if (key.split(' ')[0] === rule.id && !present.has(key)) this.#told.delete(key);
    return symptoms.flatMap((symptom): HealthEvent[] => {
      const key = keyOf(rule, symptom);
      if (symptom.state !== 'found' || this.#told.has(key)) return [];
      this.#told.add(key);
      return [{ type: 'health', rule: rule.id, node: symptom.node, step: this.#step, values: symptom.values }];
    });
  }
}

function keep<T>(list: T[], latest: T): void {
  list.push(latest);
  if (list.length > KEPT) list.shift();
}

function forget<T>(list: T[], isGone: (one: T) => boolean): void {
  list.splice(0, list.length, ...list.filter((one) => !isGone(one)));
}

/** Of the epochs that are still known. */
const leastOf = (epochs: readonly EpochEvent[]): EpochEvent | null =>
  epochs.reduce<EpochEvent | null>(
    (least, one) => ((one.dev?.loss ?? Infinity) < (least?.dev?.loss ?? Infinity) ? one : least),
    null
  );

/** Ids of layers have no blanks. */
const keyOf = ({ id, once }: HealthRule, { node }: Symptom): string => (once || node === null ? id : `${id} ${node}`);
