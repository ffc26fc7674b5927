/** The workloads. A new one is one file, one line here and its name in contract/bench.ts. */
import type { WorkloadName } from '../../../contract/bench.ts';
import { cnn } from './cnn.ts';
import { cnnBn } from './cnn-bn.ts';
import { mlp } from './mlp.ts';
import { tiny } from './tiny.ts';
import { wide } from './wide.ts';
import type { Workload } from './workload.ts';

export const workloads: Readonly<Record<WorkloadName, Workload>> = { mlp, cnn, 'cnn-bn': cnnBn, wide, tiny };
