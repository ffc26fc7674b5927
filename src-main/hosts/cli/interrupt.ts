/** A terminal sends Ctrl-C to every process of a command, and the launcher passes it on: what comes this soon again is the same one. */
const SAME_MS = 500;

/** Ctrl-C and SIGTERM: the first asks to stop, the second ends at once. Answers a function that listens no longer. */
export function onSignal(stop: () => void, endAtOnce: () => void): () => void {
  const signalled = firstAndLater(stop, endAtOnce);
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, signalled);
  return () => {
    for (const signal of signals) process.off(signal, signalled);
  };
}

/** As `onSignal`, and a reader of stdout that has gone (`| head`) counts as a Ctrl-C. */
export function onInterrupt(stop: () => void, endAtOnce: () => void): () => void {
  const interrupted = firstAndLater(stop, endAtOnce);
  const forget = onSignal(interrupted, interrupted);
  process.stdout.once('error', interrupted);
  return () => {
    forget();
    process.stdout.off('error', interrupted);
  };
}

function firstAndLater(first: () => void, later: () => void): () => void {
  let firstMs: number | null = null;
  return () => {
    const nowMs = performance.now();
    if (firstMs !== null && nowMs - firstMs > SAME_MS) return later();
    if (firstMs !== null) return;
    firstMs = nowMs;
    first();
  };
}
