import { dense, flatten, relu, type Workload } from './workload.ts';

/** Two layers so wide that matrix products are all that counts. */
export const wide: Workload = {
  name: 'wide',
  shape: [28, 28, 1],
  classes: 10,
  batchSize: 256,
  layers: [flatten, dense(1024), relu, dense(1024), relu, dense(10)]
};
