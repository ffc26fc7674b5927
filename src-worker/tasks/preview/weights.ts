import type { WeightsRequest, WeightsResult } from '../../contract/preview.ts';
import { distributionOf } from '../../observe/distribution.ts';
import { drawParameter } from '../../train/initialize.ts';
import { sizeOf } from '../../plan/program.ts';

/** How the very numbers lie that a run with this seed would start from. */
export async function weights({ seed, ...parameter }: WeightsRequest): Promise<WeightsResult> {
  const values = new Float32Array(sizeOf(parameter.shape));
  drawParameter(values, parameter, seed);
  return distributionOf(values);
}
