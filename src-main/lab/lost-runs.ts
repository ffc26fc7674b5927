/** Runs whose page was lost without a farewell, and which it may still come back for. */
export interface LostRuns {
  wait(id: number): void;
  /** The run has a page again; false where it was not waiting. */
  take(id: number): boolean;
  /** Nobody can come back any more. */
  end(): void;
}

/** `giveUp` is called for a run that nobody took within `returnMs`. */
export function lostRuns(giveUp: (id: number) => void, returnMs: number): LostRuns {
  const waiting = new Map<number, NodeJS.Timeout>();
  const take = (id: number): boolean => {
    clearTimeout(waiting.get(id));
    return waiting.delete(id);
  };
  const abandon = (id: number) => take(id) && giveUp(id);
  return {
    wait: (id) => void waiting.set(id, setTimeout(abandon, returnMs, id)),
    take,
    end: () => [...waiting.keys()].forEach(abandon)
  };
}
