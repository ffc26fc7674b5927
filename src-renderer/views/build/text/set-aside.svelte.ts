/** Texts that could not be drawn when the canvas changed or the page was left, by draft: nobody's typing is lost. */
import { SvelteMap } from 'svelte/reactivity';

/** As long as the window is open, also when its page is loaded again. */
const STORED = 'caviar.set-aside';

const kept = new SvelteMap<string, readonly string[]>(stored());

function stored(): [string, readonly string[]][] {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? '[]') as [string, readonly string[]][];
  } catch {
    return []; // of another version, or where nothing may be stored
  }
}

function keep(draft: string, texts: readonly string[]): void {
  kept.set(draft, texts);
  try {
    sessionStorage.setItem(STORED, JSON.stringify([...kept]));
  } catch (error) {
    console.warn('Texts that were set aside are lost when the page is loaded again.', error);
  }
}

export const keptOf = (draft: string): readonly string[] => kept.get(draft) ?? [];

export function setAside(draft: string, text: string): void {
  keep(draft, [...keptOf(draft).filter((other) => other !== text), text]);
}

/** The text that was kept last, which is kept no longer. */
export function takeLast(draft: string): string | undefined {
  const texts = keptOf(draft);
  keep(draft, texts.slice(0, -1));
  return texts.at(-1);
}
