import { dense, type Workload } from './workload.ts';

/** Points in the plane: a step is nearly all overhead. */
export const tiny: Workload = {
  name: 'tiny',
  shape: [2],
  classes: 2,
  batchSize: 10,
  layers: [dense(8), { kind: 'tanh' }, dense(8), { kind: 'tanh' }, dense(2)]
};
