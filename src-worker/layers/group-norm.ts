import { integer } from '../contract/fields.ts';
import { channelsOf } from './channels.ts';
import { defineExampleNorm, eps } from './normalize.ts';

/**
 * Group normalization: the channels of every example in groups, each to mean 0 and variance 1 over its pixels and channels, then to a
 * scale and an offset that are learned for every channel. One group is layer normalization, one channel a group instance normalization.
 *
 * Shapes: x, y (B, H, W, C); γ, β (C).
 * Config: `groups` = G, a divisor of C.
 * Source: Wu & He 2018, Group Normalization, arXiv:1803.08494, eq. 1 and 7.
 */
export const groupNorm = defineExampleNorm({
  kind: 'group-norm',
  help: 'Groups of channels of every example to mean 0 and variance 1',
  config: { eps, groups: integer(4, 'Number of groups', { min: 1, max: 4096 }) },
  sharing(x, { groups }) {
    const { pixels, members: channels } = channelsOf(x);
    if (channels % groups !== 0)
      return {
        why: `${channels} channels cannot be cut into ${groups} groups of one size`,
        remedy: `Use ${divisorsOf(channels).join(', ')} groups, or another number of channels.`
      };
    const grid = { pixels, groups, members: channels / groups };
    return { grid, statistics: 'g', learned: 'gk', shape: [channels] };
  }
});

const divisorsOf = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => i + 1).filter((divisor) => count % divisor === 0);
