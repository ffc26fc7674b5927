/**
 * How a run is told apart, the same everywhere it appears: a colour with a marker of its own, and a dash pattern. Seven and five have no
 * common divisor, so that 35 runs in a row all look different, and neighbours differ in both.
 */
export interface RunLook {
  /** CSS colour. */
  colour: string;
  /** SVG stroke-dasharray. */
  dash: string;
  /** Index into `charts/markers.ts`. */
  marker: number;
}

const DASHES = ['none', '7 3', '2 3', '9 3 2 3', '5 2 1 2 1 2'] as const;
export const COLOURS = 7;

export function lookOf(runId: number): RunLook {
  const marker = (runId - 1) % COLOURS;
  return { colour: `var(--run-${marker})`, dash: DASHES[(runId - 1) % DASHES.length]!, marker };
}
