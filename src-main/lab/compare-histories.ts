/** Two records of one run, the second made by training it again. */
import type { RunEvent } from '../../src-worker/contract/run.ts';

export interface Compared {
  readonly equal: boolean;
  /** Compared, over all branches. */
  readonly steps: number;
  readonly epochs: number;
  /** The first that differs; null where none does. */
  readonly difference: {
    readonly what: string;
    readonly step: number;
    readonly recorded: number | null;
    readonly replayed: number | null;
  } | null;
}

interface Measured {
  readonly what: string;
  readonly step: number;
  readonly value: number | null;
}

/** `recorded` may have been cut off: what is behind it is not compared. */
export function compareHistories(recorded: readonly RunEvent[], replayed: readonly RunEvent[]): Compared {
  const [before, after] = [measuredIn(recorded), measuredIn(replayed)];
  const at = before.findIndex(({ what, step, value }, index) => {
    const other = after[index];
    return other?.what !== what || other.step !== step || !Object.is(other.value, value);
  });
  const found = before[at];
  const difference = found && {
    ...{ what: found.what, step: found.step, recorded: found.value },
    replayed: after[at]?.value ?? null
  };
  const losses = before.filter(({ what }) => what === 'loss').length;
  const epochs = recorded.filter(({ type }) => type === 'epoch').length;
  return { equal: !found, steps: losses, epochs, difference: difference ?? null };
}

/** Every number that was measured. Steps and epochs apart: how they lie in between depends on the moment in which they were sent. */
function measuredIn(events: readonly RunEvent[]): Measured[] {
  const steps = events.flatMap((event) =>
    event.type !== 'steps'
      ? []
      : event.loss.flatMap((loss, i): Measured[] => [
          { what: 'loss', step: event.from + i, value: loss },
          { what: 'accuracy', step: event.from + i, value: event.accuracy[i] ?? null }
        ])
  );
  const epochs = events.flatMap((event): Measured[] => {
    if (event.type !== 'epoch') return [];
    const named = (part: string, metrics: object | null) =>
      Object.entries(metrics ?? {}).map(([name, value]) => ({ what: `${part}.${name}`, step: event.step, value }));
    return [...named('train', event.train), ...named('dev', event.dev)];
  });
  return [...steps, ...epochs];
}
