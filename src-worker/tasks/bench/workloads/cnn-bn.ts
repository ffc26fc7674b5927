import { dense, flatten, relu, type Workload } from './workload.ts';

const conv = (filters: number) => ({ kind: 'conv2d', filters, kernel: 3, padding: 'same', bias: false }) as const;
const norm = { kind: 'batch-norm' } as const;
const pool = { kind: 'max-pool' } as const;

/** The workload `cnn` with batch norm, which takes over the convolutions' bias. */
export const cnnBn: Workload = {
  name: 'cnn-bn',
  shape: [28, 28, 1],
  classes: 10,
  batchSize: 64,
  layers: [conv(16), norm, relu, pool, conv(32), norm, relu, pool, flatten, dense(128), relu, dense(10)]
};
