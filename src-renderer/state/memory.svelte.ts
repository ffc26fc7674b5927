/** What training takes of memory: worked out a moment after each edit, for it takes as long as the whole check. */
import { draft } from './draft.svelte.ts';

const REST_MS = 150;

class Memory {
  /** Of the draft as it was a moment ago; null where it cannot be told. */
  bytes = $state<number | null>(null);
}

export const memory = new Memory();

/** For a component that shows it: follows as long as the effect lives. */
export function followMemory(): void {
  $effect(() => {
    const { report } = draft;
    const timer = setTimeout(() => (memory.bytes = report.memoryBytes), REST_MS);
    return () => clearTimeout(timer);
  });
}
