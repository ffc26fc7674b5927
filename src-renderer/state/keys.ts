/** Keys to actions. A key that a control under the focus uses itself is left to it. */
import { actions, type Action } from './actions.svelte.ts';
import { runDialog } from './run-dialog.svelte.ts';

const TYPING = 'input:not([type=radio]):not([type=range]), textarea, select, [contenteditable]';
const OVERLAY = '[role=dialog], [role=menu], [role=listbox]';
const CLICKED_BY_SPACE = 'button, a, summary, input, [role=row], [role=option]';

/** Held down they go on; a text that is being typed has its own. */
const HISTORY = ['Ctrl Z', 'Ctrl Shift Z', 'Ctrl Y'];

/** `Ctrl` also means the Command key of a Mac. */
export function spell(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const isCommand = event.ctrlKey || event.metaKey;
  return [isCommand && 'Ctrl', event.altKey && 'Alt', isCommand && event.shiftKey && 'Shift', key]
    .filter(Boolean)
    .join(' ');
}

export function actionFor(event: KeyboardEvent): Action | undefined {
  const keys = spell(event);
  const target = event.target instanceof Element ? event.target : null;
  const isHistory = HISTORY.includes(keys);
  // Who types fast has begun before the box has the focus.
  if (runDialog.open !== null) return undefined;
  if ((event.repeat && !isHistory) || event.isComposing || target?.closest(OVERLAY)) return undefined;
  if ((isHistory || !keys.startsWith('Ctrl')) && target?.closest(TYPING)) return undefined;
  if (keys === 'Space' && target?.closest(CLICKED_BY_SPACE)) return undefined;
  const isOnCanvas = target === document.body || (target?.closest('[data-canvas]') && !target.closest(TYPING));
  const isMeant = ({ keys: own, alsoKeys, native }: Action) => !native && (own === keys || alsoKeys === keys);
  return actions().find((action) => isMeant(action) && (action.on !== 'canvas' || isOnCanvas));
}
