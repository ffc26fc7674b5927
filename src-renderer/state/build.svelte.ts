/** What is chosen in Build, besides the draft itself. */

/** The training card on the canvas, which is no layer; no node can have this id. */
export const TRAINING = '@training';

class Build {
  /** Ids of nodes, and TRAINING; the one chosen last is the last, and is what the inspector shows. */
  selected = $state.raw<readonly string[]>([]);
  /** What stands beside the canvas. */
  side = $state<'inspector' | 'text'>('inspector');
  readonly inspected = $derived(this.selected.at(-1) ?? null);
}

export const build = new Build();
