/** Dragging something out of the palette, with mouse, pen or finger: it hangs on the pointer, and the canvas shows where it would go. */
import { canvas, type Dragged } from '../canvas-state.svelte.ts';
import type { Target } from './acts.ts';

export type Draggable = Pick<Dragged, 'icon' | 'label'> & { drop(target: Target): void };

/** Less is a click. */
const THRESHOLD = 4;

/** Whether it was a drag; it ends with the layer in its place, or nowhere. */
export function dragFromPalette(start: PointerEvent, what: Draggable): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const ended = new AbortController();
  const listen = <K extends keyof WindowEventMap>(type: K, listener: (event: WindowEventMap[K]) => void) =>
    addEventListener(type, listener, { signal: ended.signal, capture: true });
  const finish = () => {
    ended.abort();
    const target = canvas.target;
    const wasDragged = canvas.dragged !== null;
    canvas.dragged = null;
    canvas.target = null;
    resolve(wasDragged);
    return target;
  };
  listen('pointermove', ({ clientX, clientY }) => {
    const isFar = Math.hypot(clientX - start.clientX, clientY - start.clientY) >= THRESHOLD;
    if (canvas.dragged === null && !isFar) return;
    const at = { x: clientX, y: clientY };
    canvas.dragged = { icon: what.icon, label: what.label, at };
    canvas.target = canvas.view?.targetAt(at) ?? null;
  });
  listen('pointerup', () => {
    const target = finish();
    if (target) what.drop(target);
  });
  listen('pointercancel', finish);
  listen('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    finish();
  });
  return promise;
}
