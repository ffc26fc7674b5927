/** Why a wire cannot be drawn, in the words of the page. */
import type { NetworkSpec } from '../../../src-worker/contract/experiment.ts';
import type { Wire } from '../../../src-worker/graph/edit/wires.ts';
import { t } from '../../i18n/t.svelte.ts';
import { TRAINING } from '../../state/build.svelte.ts';
import { mostInputs } from './acts.ts';

/** null: it can. Whether the shapes fit is no reason: that is told at the layer, with what helps. */
export function refusalOf(network: NetworkSpec, [from, to]: Wire): string | null {
  if (from === to) return t('canvas.refused.self');
  if (to === TRAINING || from === TRAINING) return t('canvas.refused.training');
  if (network.edges.some(([a, b]) => a === from && b === to)) return t('canvas.refused.twice', { from, to });
  if (mostInputs(network, to) === 0) return t('canvas.refused.input', { to });
  const way = wayBetween(network, to, from);
  return way === null ? null : t('canvas.refused.circle', { way: [...way, to].join(' → ') });
}

/** The layers from one to another along the wires, or null. */
function wayBetween({ edges }: NetworkSpec, start: string, end: string): string[] | null {
  const before = new Map<string, string | null>([[start, null]]);
  for (const [id] of before) {
    if (id === end) break;
    for (const [from, to] of edges) if (from === id && !before.has(to)) before.set(to, id);
  }
  if (!before.has(end)) return null;
  const way: string[] = [];
  for (let id: string | null | undefined = end; id; id = before.get(id)) way.unshift(id);
  return way;
}
