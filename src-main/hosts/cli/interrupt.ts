/**
 * Ctrl-C, SIGTERM and a reader of stdout that has gone (`| head`): the first asks to stop, the second ends at once.
 * Answers a function that listens no longer.
 */
export function onInterrupt(stop: () => void, endAtOnce: () => void): () => void {
  let times = 0;
  const interrupted = () => (++times === 1 ? stop() : endAtOnce());
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, interrupted);
  process.stdout.once('error', interrupted);
  return () => {
    for (const signal of signals) process.off(signal, interrupted);
    process.stdout.off('error', interrupted);
  };
}
