/** The previews that are known, by layer; whoever computes them fills them in. */
import { SvelteMap } from 'svelte/reactivity';
import type { Preview } from '../../../src-worker/contract/preview.ts';

export const previews = new SvelteMap<string, Preview>();
