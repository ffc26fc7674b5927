/** The draft as it stands on the canvas: cards, places and wires, derived and nothing else. */
import { t } from '../i18n/t.svelte.ts';
import { build, TRAINING } from '../state/build.svelte.ts';
import { draft } from '../state/draft.svelte.ts';
import { MOST_WORK } from '../state/follow-previews.svelte.ts';
import { cardLabel } from './cards/card-label.ts';
import { CardShelf, layerCards, trainingCard, type Card } from './cards/cards.ts';
import type { Places } from './layout/arrange.ts';
import { drawingOf, isSameDrawing } from './layout/drawing.ts';
import { placesOf, rectsOf } from './layout/places.ts';
import { previews } from './cards/previews.svelte.ts';
import { areSameOutlines, outlineOf, portsOf } from './layout/ports.ts';
import { routesOf } from './layout/route.ts';
import { steady } from './steady.ts';
import { edgeOf, FlowShelf, standingOf, wireId, wiresOf } from './flow.ts';
import { wireLabel } from './flow-words.ts';
import { canvas } from './canvas-state.svelte.ts';

/** From here on an overview helps. */
const MANY = 14;

class Stage {
  private isPictured = true;
  /** Where all stood last, and of which draft. */
  private placed: { readonly of: unknown; readonly places: Places } | null = null;
  private readonly shelf = new CardShelf();
  private readonly flow = new FlowShelf();
  private readonly drawn = steady(isSameDrawing);
  private readonly sized = steady(areSameOutlines);
  readonly cards = $derived.by<readonly Card[]>(() => {
    const { experiment, report, dataset } = draft;
    if (!experiment) return [];
    // Room is kept for pictures that are on their way, so that nothing moves when they come; of a broken network the work is not known.
    if (report.waiting.length === 0) this.isPictured = report.multiplyAdds <= MOST_WORK;
    const layers = layerCards(experiment, report, dataset, (id) => this.isPictured || previews.has(id));
    return this.shelf.same<Card>([...layers, trainingCard(TRAINING, experiment, report)]);
  });
  /** Of all layers. */
  readonly parameters = $derived(draft.report.parameters);
  readonly byId = $derived(new Map(this.cards.map((card) => [card.id, card])));
  readonly isLarge = $derived(this.cards.length > MANY);
  readonly drawing = $derived.by(() => {
    const network = draft.experiment?.network;
    return this.drawn(network ? drawingOf(network) : { ids: [], wires: [] });
  });
  readonly sizes = $derived(this.sized(new Map(this.cards.map((card) => [card.id, outlineOf(card)]))));
  /** Worked out again only when a layer, a wire, a size or a place is another. */
  private readonly plan = $derived.by(() => {
    const { history, layout } = draft;
    const before = this.placed?.of === history ? this.placed.places : undefined;
    const places = placesOf(this.drawing, layout, this.sizes, before);
    this.placed = { of: history, places };
    const ports = portsOf(this.drawing, this.sizes, places);
    return { places, ports, routes: routesOf(ports, rectsOf(places, this.sizes)) };
  });
  /** The wire that is chosen, as long as it is there and no card is chosen. */
  readonly wire = $derived.by(() => {
    const { wire } = canvas;
    const isThere = build.selected.length === 0 && this.drawing.wires.some((one) => one.join() === wire?.join());
    return isThere ? wire : null;
  });
  readonly nodes = $derived(
    this.flow.nodes(
      standingOf(this.cards, this.plan.places, build.selected, canvas.focused, {
        labelOf: cardLabel,
        role: t('canvas.card')
      })
    )
  );
  readonly wires = $derived(this.flow.wires(wiresOf(this.plan, this.byId, canvas.target, wireLabel)));
  /** Svelte Flow has the chosen wire alone: an edge of its for each of hundreds takes most of the time of an edit. */
  readonly edges = $derived.by(() => {
    const id = this.wire && wireId(this.wire);
    const chosen = this.wires.find((wire) => wire.id === id);
    return chosen ? [edgeOf(chosen, t('canvas.wireRole'))] : [];
  });

  get places() {
    return this.plan.places;
  }

  get ports() {
    return this.plan.ports;
  }

  get routes() {
    return this.plan.routes;
  }
}

export const stage = new Stage();
