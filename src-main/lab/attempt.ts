/**
 * For work that nobody waits for (timers, closed connections): a database that is busy or on a full disk must not end the host.
 * Answers false when the work failed, having told on stderr.
 */
export function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    process.stderr.write(`caviar: ${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}
