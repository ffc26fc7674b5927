/** Where the flags of a chart stand: those that would lie on each other share a place, and a label is shown where it has room. */
import type { Flag } from './curve.ts';

export interface FlagPlace {
  /** Pixels from the left edge of the plot. */
  at: number;
  flags: readonly Flag[];
  /** Beside the line; empty where there is no room. */
  label: string;
}

/** Closer than this, marks would touch. */
const APART_PX = 15;
/** Of a letter of the label, and of the space before it. */
const LETTER_PX = 5.6;
const INSET_PX = 8;

export function flagPlaces(flags: readonly Flag[], x: (value: number) => number, width: number): FlagPlace[] {
  const seen = flags
    .map((flag) => ({ flag, at: x(flag.x) }))
    .filter(({ at }) => at >= -1 && at <= width + 1)
    .sort((a, b) => a.at - b.at);
  const groups: { at: number; flags: Flag[] }[] = [];
  for (const { flag, at } of seen) {
    const last = groups.at(-1);
    if (last && at - last.at < APART_PX) last.flags.push(flag);
    else groups.push({ at, flags: [flag] });
  }
  return groups.map(({ at, flags }, index) => {
    const room = (groups[index + 1]?.at ?? width) - at - INSET_PX;
    const label = flags.length === 1 ? flags[0]!.label : '';
    return { at, flags, label: label.length * LETTER_PX <= room ? label : '' };
  });
}
