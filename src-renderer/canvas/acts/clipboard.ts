/** Layers as text on the clipboard: JSON that another window, or a person, can read. */
import { z } from 'zod';
import { blockPartSchema } from '../../../src-worker/contract/drafts.ts';
import { entriesOf } from '../../../src-worker/graph/edit/parts.ts';
import type { Coming } from './acts.ts';

const FORMAT = 'caviar-layers';

const clip = blockPartSchema.extend({ format: z.literal(FORMAT), version: z.literal(1) });
/** A network alone, or a whole experiment, as they stand in files. */
const network = blockPartSchema.extend({ layout: blockPartSchema.shape.layout.default({}) });
const experiment = z.object({ network });

export const clipText = ({ nodes, edges, layout }: Coming): string =>
  JSON.stringify({ format: FORMAT, version: 1, nodes, edges, layout }, null, 2);

/** null: no layers in it. The input is left out: where they go there is one. */
export function readClip(text: string): Coming | null {
  const json = parsed(text);
  const found =
    clip.safeParse(json).data ?? network.safeParse(json).data ?? experiment.safeParse(json).data?.network ?? null;
  if (!found) return null;
  const nodes = found.nodes.filter(({ kind }) => kind !== 'input');
  const known = new Set(nodes.map(({ id }) => id));
  if (nodes.length === 0 || known.size < nodes.length) return null;
  const edges = found.edges.filter(([from, to]) => known.has(from) && known.has(to));
  const part = { nodes, edges, layout: found.layout };
  return entriesOf(part).length > 0 ? part : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // text of another kind
  }
}
