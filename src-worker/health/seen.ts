/** What has been seen of a run so far, as the rules need it: of long runs the newest, and what never may be forgotten. */
import type { Experiment } from '../contract/experiment.ts';
import type { LayersEvent } from '../contract/layers.ts';
import type { EndEvent, EpochEvent } from '../contract/run.ts';
import type { Strip } from './loss-strips.ts';

export interface Seen {
  readonly experiment: Experiment;
  /** Looks at the layers, the newest last; some of the latest. */
  readonly looks: readonly LayersEvent[];
  /** The newest last; some of the latest. */
  readonly epochs: readonly EpochEvent[];
  /** The first epoch, and the one with the least loss on dev. */
  readonly firstEpoch: EpochEvent | null;
  readonly bestEpoch: EpochEvent | null;
  /** Before anything was learned: of the first look, or else of the first mini-batch; null where it is not known. */
  readonly firstLoss: number | null;
  /** Loss of the mini-batches since, in strips of equal length. */
  readonly strips: readonly Strip[];
  readonly end: EndEvent | null;
}
