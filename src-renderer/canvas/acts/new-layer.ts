/** A layer as it comes from the palette. */
import type { NodeSpec } from '../../../src-worker/contract/experiment.ts';
import type { Fields } from '../../../src-worker/contract/fields.ts';
import { layerOf } from '../../../src-worker/graph/choices.ts';

/** With its defaults written out, as every experiment has them once it is checked. */
export function newLayer(kind: string, id: string): NodeSpec {
  const definition = layerOf(kind);
  return { id, kind, ...defaultsOf(definition?.config ?? {}) };
}

/** What a layer says, and defaults for the rest: of one that is broken the check fills nothing in. */
export const withDefaults = (node: NodeSpec): NodeSpec => ({ ...newLayer(node.kind, node.id), ...node });

function defaultsOf(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.type === 'kind'
        ? { kind: field.default, ...defaultsOf(field.table[field.default]?.config ?? {}) }
        : field.default
    ])
  );
}
