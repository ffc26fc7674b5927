import { integer } from '../contract/fields.ts';
import { refusal, shapeText, type Refusal } from '../contract/refusal.ts';
import type { Shape } from '../plan/program.ts';
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
    if (channels % groups !== 0) return uneven(x, groups);
    const grid = { pixels, groups, members: channels / groups };
    return { grid, statistics: 'g', learned: 'gk', shape: [channels] };
  }
});

function uneven(x: Shape, groups: number): Refusal {
  const channels = x.at(-1)!;
  const divisors = divisorsOf(channels);
  const nearest = divisors.toSorted((a, b) => Math.abs(a - groups) - Math.abs(b - groups));
  const expected = shapeText([...x.slice(0, -1), Math.ceil(channels / groups) * groups]);
  const words = { channels, groups, choices: divisors.join(', '), expected, actual: shapeText(x) };
  return refusal(
    'uneven-groups',
    words,
    nearest.slice(0, 2).map((count) => ({ set: { groups: count } }))
  );
}

const divisorsOf = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => i + 1).filter((divisor) => count % divisor === 0);
