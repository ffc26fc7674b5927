/** Which settings of an experiment may change while it trains, and from when on a change counts. */
import type { Experiment } from '../contract/experiment.ts';
import { layers } from '../layers/table.ts';
import { optimizers } from '../optimizers/table.ts';

export interface LiveSetting {
  /** As in contract/paths.ts; what is inside it may change too. */
  readonly path: string;
  /** From the next mini-batch on, or from the next epoch on. */
  readonly from: 'batch' | 'epoch';
  /** The programs of the run stay as they are: only numbers that are read while it trains change. */
  readonly readLive?: true;
}

/** Everything else decides what the network is, which examples there are, or what the optimizer remembers: it takes a run of its own. */
export function liveSettings({ network, training }: Experiment): LiveSetting[] {
  const { kind } = training.optimizer;
  const constants = Object.keys(optimizers[kind]!.config).filter((name) => name !== 'learningRate');
  const chances = network.nodes.flatMap(({ id, kind: layer }) => {
    const { group, config } = layers[layer]!;
    return group === 'regularization' ? Object.keys(config).map((name) => `network.nodes.${id}.${name}`) : [];
  });
  return [
    { path: 'training.optimizer.learningRate', from: 'batch', readLive: true },
    { path: 'training.schedule', from: 'batch', readLive: true },
    ...constants.map((name) => ({ path: `training.optimizer.${name}`, from: 'batch' }) as const),
    { path: 'training.regularize', from: 'batch' },
    { path: 'training.clip', from: 'batch' },
    ...chances.map((path) => ({ path, from: 'batch' }) as const),
    { path: 'data.augment', from: 'batch' },
    { path: 'training.batchSize', from: 'epoch' },
    { path: 'training.epochs', from: 'epoch', readLive: true },
    { path: 'training.earlyStopping', from: 'epoch', readLive: true }
  ];
}

/** The live setting that `path` is or lies in, or undefined. */
export const liveSettingOf = (experiment: Experiment, path: string): LiveSetting | undefined =>
  liveSettings(experiment).find((setting) => path === setting.path || path.startsWith(`${setting.path}.`));
