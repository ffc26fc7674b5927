/** The draft as it stands on the canvas: cards, places and wires, derived and nothing else. */
import { t } from '../i18n/t.svelte.ts';
import { build, TRAINING } from '../state/build.svelte.ts';
import { draft } from '../state/draft.svelte.ts';
import { MOST_WORK } from '../state/follow-previews.svelte.ts';
import { cardLabel } from './cards/card-label.ts';
import { CardShelf, layerCards, trainingCard, type Card } from './cards/cards.ts';
import { drawingOf } from './layout/drawing.ts';
import { placesOf, rectsOf } from './layout/places.ts';
import { previews } from './cards/previews.svelte.ts';
import { routesOf } from './layout/route.ts';
import { edgesOf, FlowShelf, nodesOf, portsOf } from './flow.ts';
import { canvas } from './canvas-state.svelte.ts';

/** From here on an overview helps. */
const MANY = 14;

class Stage {
  private readonly shelf = new CardShelf();
  private readonly flow = new FlowShelf();
  readonly cards = $derived.by<readonly Card[]>(() => {
    const { experiment, report, dataset } = draft;
    if (!experiment) return [];
    // Room is kept for pictures that are on their way, so that nothing moves when they come.
    const isPictured = report.multiplyAdds <= MOST_WORK;
    const layers = layerCards(experiment, report, dataset, (id) => isPictured || previews.has(id));
    return this.shelf.same<Card>([...layers, trainingCard(TRAINING, experiment, report)]);
  });
  readonly byId = $derived(new Map(this.cards.map((card) => [card.id, card])));
  readonly isLarge = $derived(this.cards.length > MANY);
  readonly drawing = $derived(
    draft.experiment ? drawingOf(draft.experiment.network) : { ids: [] as string[], wires: [] }
  );
  readonly sizes = $derived(new Map(this.cards.map(({ id, size }) => [id, size])));
  readonly places = $derived(placesOf(this.drawing, draft.layout, this.sizes));
  readonly ports = $derived(portsOf(this.drawing, this.byId, this.places));
  readonly routes = $derived(
    routesOf(
      this.ports.map(({ from, to }) => ({ from, to })),
      rectsOf(this.places, this.sizes)
    )
  );
  /** The wire that is chosen, as long as it is there and no card is chosen. */
  readonly wire = $derived.by(() => {
    const { wire } = canvas;
    const isThere = build.selected.length === 0 && this.drawing.wires.some((one) => one.join() === wire?.join());
    return isThere ? wire : null;
  });
  readonly nodes = $derived(
    this.flow.nodes(
      nodesOf(this.cards, this.places, build.selected, canvas.focused, {
        labelOf: cardLabel,
        role: t('canvas.card')
      })
    )
  );
  readonly edges = $derived(this.flow.edges(edgesOf(this.ports, this.routes, this.byId, this.wire, canvas.target)));
}

export const stage = new Stage();
