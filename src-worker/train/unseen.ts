import type { RunEvent } from '../contract/run.ts';

/** What a resumed run does again, up to where its record ends, is not told again. */
export function beyond(reached: { steps: number; epochs: number }, emit: (event: RunEvent) => void) {
  return (event: RunEvent): void => {
    if (event.type === 'epoch' && event.epoch <= reached.epochs) return;
    if (event.type !== 'steps') return emit(event);
    const known = Math.min(Math.max(0, reached.steps + 1 - event.from), event.loss.length);
    if (known === event.loss.length) return;
    const { from, loss, accuracy } = event;
    emit({ ...event, from: from + known, loss: loss.slice(known), accuracy: accuracy.slice(known) });
  };
}
