import { dense, flatten, relu, type Workload } from './workload.ts';

const conv = (filters: number) => ({ kind: 'conv2d', filters, kernel: 3, padding: 'same' }) as const;
const pool = { kind: 'max-pool' } as const;

/** Two convolutions with pooling and a dense head, on images of 28×28. */
export const cnn: Workload = {
  name: 'cnn',
  shape: [28, 28, 1],
  classes: 10,
  batchSize: 64,
  layers: [conv(16), relu, pool, conv(32), relu, pool, flatten, dense(128), relu, dense(10)]
};
