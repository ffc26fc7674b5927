/** Keys on the canvas that move: from card to card, and the cards themselves. What has a name is an action of state/actions. */
import { t } from '../../i18n/t.svelte.ts';
import { build, TRAINING } from '../../state/build.svelte.ts';
import { canvas } from '../canvas-state.svelte.ts';
import { chooseWire, connectTo, kindName, nudge } from './edits.ts';
import { stage } from '../stage.svelte.ts';
import { directions, neighbour, wiresAt, type Direction } from '../layout/walk.ts';

const STEP = 8;
const steps: Readonly<Record<Direction, { x: number; y: number }>> = {
  up: { x: 0, y: -STEP },
  down: { x: 0, y: STEP },
  left: { x: -STEP, y: 0 },
  right: { x: STEP, y: 0 }
};

export function onkeydown(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (!target.matches('.svelte-flow__node, .canvas')) return;
  const used = event.key in directions ? arrow(event, directions[event.key]!) : other(event);
  if (!used) return;
  event.preventDefault();
  event.stopPropagation();
}

function arrow(event: KeyboardEvent, direction: Direction): boolean {
  if (event.altKey) return false;
  if (event.shiftKey) {
    nudge(steps[direction]);
    return true;
  }
  const here = canvas.focused ?? stage.cards[0]?.id;
  const next = here === undefined ? null : neighbour(here, direction, stage.drawing, stage.places);
  if (next === null) return true;
  if (canvas.connecting === null && !event.ctrlKey && !event.metaKey) build.selected = [next];
  canvas.view?.show(next, true);
  return true;
}

function other(event: KeyboardEvent): boolean {
  if (event.key === 'Escape') return leave();
  const id = canvas.focused;
  if (id === null) return false;
  if (event.key === ' ') {
    toggle(id);
    return true;
  }
  if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
    if (canvas.connecting !== null) finishConnecting(id);
    else document.querySelector<HTMLElement>('[data-inspector] aside :is(input, [role=combobox])')?.focus();
    return true;
  }
  return false;
}

function toggle(id: string): void {
  const isChosen = build.selected.includes(id);
  build.selected = isChosen ? build.selected.filter((other) => other !== id) : [...build.selected, id];
  canvas.announce(t('canvas.said.selected', { n: build.selected.length }));
}

/** What was begun first, then the selection. */
function leave(): boolean {
  if (canvas.connecting !== null) {
    canvas.connecting = null;
    canvas.announce(t('canvas.said.cancelled'));
    return true;
  }
  if (build.selected.length === 0 && stage.wire === null) return false;
  build.selected = [];
  canvas.wire = null;
  return true;
}

/** From what has the keyboard's focus; the arrows then go to where the wire is to end. */
export function startConnecting(): void {
  const id = canvas.focused;
  const card = id === null ? undefined : stage.byId.get(id);
  if (id === null || id === TRAINING || card?.type !== 'layer') return;
  canvas.connecting = id;
  canvas.announce(t('canvas.connecting', { layer: `${kindName(card.node.kind)} ${id}` }));
  canvas.view?.show(id, true);
}

/** Of the card that has the keyboard's focus, one wire after the other. */
export function chooseNextWire(): void {
  const id = canvas.focused;
  if (id === null) return;
  const wires = wiresAt(id, stage.drawing);
  const at = wires.findIndex((wire) => wire.join() === stage.wire?.join());
  const next = wires[(at + 1) % wires.length];
  if (next) chooseWire(next);
  else canvas.announce(t('canvas.said.noWire', { layer: id }));
}

function finishConnecting(to: string): void {
  const from = canvas.connecting!;
  canvas.connecting = null;
  connectTo([from, to]);
}
