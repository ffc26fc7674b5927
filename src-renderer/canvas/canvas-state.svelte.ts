/** What is going on at the canvas, besides the draft and the selection. */
import type { Wire } from '../../src-worker/graph/edit/wires.ts';
import type { IconName } from '../controls/icons.ts';
import type { Target } from './acts/acts.ts';
import type { Point } from './layout/sizes.ts';

/** What is dragged from the palette, and where the pointer is, in the page's pixels. */
export interface Dragged {
  readonly icon: IconName;
  readonly label: string;
  readonly at: Point;
}

/** What the canvas can do for others once it is on screen. */
export interface View {
  fit(): void;
  zoomBy(factor: number): void;
  zoomTo(zoom: number): void;
  /** Brings the layer into sight and puts the keyboard's focus on it. */
  show(id: string, focus?: boolean): void;
  /** Where the arrow keys start from; null: the first card. */
  focus(id: string | null): void;
  /** Of the page's pixels; null outside the canvas. */
  targetAt(at: Point): Target | null;
  /** The wire on which these layers, let go here, would stand; null where there is none, or they have wires of their own. */
  wireFor(ids: readonly string[], at: Point): Wire | null;
}

/** From here on the words on a card can be read. */
const READABLE_ZOOM = 0.4;

class Canvas {
  view = $state.raw<View | null>(null);
  zoom = $state(1);
  /** How often all was shown: what stands beside a card finds its side again. */
  fits = $state(0);
  /** So small that a card is a box with a name. */
  readonly isFar = $derived(this.zoom < READABLE_ZOOM);
  /** The layer that the keyboard's focus is on, or was last. */
  focused = $state<string | null>(null);
  /** The wire that was chosen last; whether it still is, `stage` knows. */
  wire = $state.raw<Wire | null>(null);
  dragged = $state.raw<Dragged | null>(null);
  /** Where what is dragged would go. */
  target = $state.raw<Target | null>(null);
  /** The layer from which a wire is drawn by keyboard. */
  connecting = $state<string | null>(null);
  /** The layer whose name is being changed. */
  renaming = $state<string | null>(null);
  /** A name is being given to a block. */
  saving = $state(false);
  /** Why the wire in hand cannot end here. */
  refusal = $state<string | null>(null);
  /** For those who cannot see what happened. */
  announcement = $state('');

  announce(text: string): void {
    // The same words twice are said twice: a space that nobody hears makes them others.
    this.announcement = this.announcement === text ? `${text}\u00a0` : text;
  }
}

export const canvas = new Canvas();
