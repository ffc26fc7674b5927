/** Where each setting that may change while a run trains stands in the panel. */
import type { LiveSetting } from '../../../src-worker/graph/live-settings.ts';

/** In the order of the panel: what is tuned first comes first. */
export const liveGroups = [
  'main',
  'optimizer',
  'schedule',
  'layers',
  'regularize',
  'clip',
  'augment',
  'early'
] as const;
export type LiveGroup = (typeof liveGroups)[number];

const WHOLE: Readonly<Record<string, LiveGroup>> = {
  'training.schedule': 'schedule',
  'training.regularize': 'regularize',
  'training.clip': 'clip',
  'data.augment': 'augment',
  'training.earlyStopping': 'early'
};

export function groupOf({ path }: LiveSetting): LiveGroup {
  if (WHOLE[path]) return WHOLE[path];
  if (path.startsWith('network.nodes.')) return 'layers';
  return path.startsWith('training.optimizer.') && path !== 'training.optimizer.learningRate' ? 'optimizer' : 'main';
}

export const grouped = (settings: readonly LiveSetting[]) => Map.groupBy(settings, groupOf);
