/** What is to be done on the way of a run, and what of it is due. */
import type { Act, Appointment } from '../contract/agenda.ts';
import type { Place } from './run-state.ts';

/** One that goes back may bring along where to: the bytes of a checkpoint. */
export interface Entry extends Appointment {
  /** So many steps from now. */
  readonly inSteps?: number;
  readonly state?: Uint8Array;
  /** It is on record: nobody needs to be told again. */
  readonly recorded?: true;
}

/** Whether a change waits for the beginning of an epoch. */
export type Waits = (act: Act) => boolean;

export class Agenda {
  /** In any order. */
  #planned: Entry[];
  /** What was done to a run that is done again: in this order, however often a step comes by. */
  readonly #record: Entry[];

  constructor(planned: readonly Entry[] = [], record: readonly Entry[] = []) {
    this.#planned = [...planned];
    this.#record = [...record];
  }

  /** What a checkpoint must keep. */
  get planned(): readonly Appointment[] {
    return this.#planned.map(({ step, epoch, act }) => ({
      ...(step !== undefined && { step }),
      ...(epoch !== undefined && { epoch }),
      act
    }));
  }

  /** The steps to which the record goes back, by branch. */
  get returns(): { readonly line: number; readonly to: number }[] {
    return this.#record.flatMap(({ act }) => (act.kind === 'back' ? [{ line: act.line, to: act.to }] : []));
  }

  add({ inSteps, ...entry }: Entry, { step }: Place): void {
    this.#planned.push(inSteps === undefined ? entry : { ...entry, step: step + inSteps });
  }

  /** Takes out the next entry that is due, or answers null. */
  take(place: Place, waits: Waits): Entry | null {
    const isDue = (entry: Entry) => hasCome(entry, place) && (place.at === 0 || !waits(entry.act));
    if (this.#record[0] && isDue(this.#record[0])) return this.#record.shift()!;
    const index = this.#planned.findIndex(isDue);
    return index < 0 ? null : this.#planned.splice(index, 1)[0]!;
  }

  /** So many steps may be made before the next look. */
  stepsUntilNext({ step }: Place): number {
    const steps = [this.#record[0], ...this.#planned].flatMap((entry) => entry?.step ?? []);
    const keepsakes = this.returns.map(({ to }) => to);
    return [...steps, ...keepsakes].reduce((least, at) => (at > step ? Math.min(least, at - step) : least), Infinity);
  }
}

function hasCome({ step, epoch }: Entry, place: Place): boolean {
  if (step !== undefined) return place.step >= step;
  return epoch === undefined || place.epoch > epoch || (place.epoch === epoch && place.at === 0);
}
