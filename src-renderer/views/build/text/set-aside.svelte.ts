/** Texts that could not be drawn when the canvas changed, by draft: nobody's typing is lost. */
import { SvelteMap } from 'svelte/reactivity';

const kept = new SvelteMap<string, readonly string[]>();

export const keptOf = (draft: string): readonly string[] => kept.get(draft) ?? [];

export function setAside(draft: string, text: string): void {
  kept.set(draft, [...keptOf(draft).filter((other) => other !== text), text]);
}

/** The text that was kept last, which is kept no longer. */
export function takeLast(draft: string): string | undefined {
  const texts = keptOf(draft);
  kept.set(draft, texts.slice(0, -1));
  return texts.at(-1);
}
