/** A run on screen: its picture, and a version that rises whenever the picture changed in place. */
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import type { RunRecord } from '../../src-worker/contract/lab-api.ts';
import { setPath } from '../../src-worker/contract/paths.ts';
import type { RunEvent, Setting } from '../../src-worker/contract/run.ts';
import { emptyPicture, fold, pictureOf, type RunPicture } from './run-picture.ts';

export class RunView {
  readonly id: number;
  readonly experiment: Experiment;
  /** Read `version` first where a change must be followed: the picture itself is too large to be watched. */
  picture: RunPicture;
  version = $state(0);
  /** As text, so that who follows the settings is not told of every step. */
  private readonly changes = $derived.by(() => JSON.stringify(this.now.picture.changes));
  /** With the changes in force. */
  readonly effective = $derived.by(() =>
    (JSON.parse(this.changes) as Setting[]).reduce((one, { path, to }) => setPath(one, path, to), this.experiment)
  );

  constructor(id: number, experiment: Experiment, picture: RunPicture = emptyPicture()) {
    this.id = id;
    this.experiment = experiment;
    this.picture = picture;
  }

  static of({ summary, experiment, events }: RunRecord): RunView {
    const view = new RunView(summary.id, experiment, pictureOf(events));
    // A run that was cut off has no end event of its own: the store knows how it ended.
    view.picture.status = summary.status;
    return view;
  }

  /** The picture, followed: reading it here ties the reader to every change. */
  get now(): { picture: RunPicture; version: number } {
    return { version: this.version, picture: this.picture };
  }

  fold(events: readonly RunEvent[]): void {
    for (const event of events) fold(this.picture, event);
    this.version += 1;
  }
}
