import { dense, flatten, relu, type Workload } from './workload.ts';

/** Fashion-MNIST through four layers of 100. */
export const mlp: Workload = {
  name: 'mlp',
  shape: [28, 28, 1],
  classes: 10,
  batchSize: 128,
  layers: [flatten, dense(100), relu, dense(100), relu, dense(100), relu, dense(100), relu, dense(10)]
};
