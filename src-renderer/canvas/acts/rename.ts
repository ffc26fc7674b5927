/** Another id for a layer, in the experiment and on the canvas. */
import { nodeSchema, type NetworkSpec } from '../../../src-worker/contract/experiment.ts';
import { renameNode } from '../../../src-worker/graph/edit/rename.ts';
import type { DraftDocument } from '../../state/draft-history.svelte.ts';

export const isFreeName = ({ nodes }: NetworkSpec, name: string): boolean =>
  nodeSchema.shape.id.safeParse(name).success && nodes.every(({ id }) => id !== name);

export const rename =
  (from: string, to: string) =>
  ({ experiment, layout, ...rest }: DraftDocument): DraftDocument => ({
    ...rest,
    experiment: renameNode(experiment, from, to),
    layout: Object.fromEntries(Object.entries(layout).map(([id, at]) => [id === from ? to : id, at]))
  });
