/**
 * A barrier for `threads` threads at `at` (two i32, zero at first: arrivals, generation): returns when all have called it.
 *
 * Spins for a while, because the others are mostly microseconds away, then sleeps. Shared memory only.
 */
export function barrier(at: usize, threads: i32, spins: i32): void {
  const generation = atomic.load<i32>(at, 4);
  if (atomic.add<i32>(at, 1) == threads - 1) {
    atomic.store<i32>(at, 0);
    atomic.add<i32>(at, 1, 4);
    atomic.notify(at + 4, -1);
    return;
  }
  for (let i = 0; i < spins; i++) if (atomic.load<i32>(at, 4) != generation) return;
  while (atomic.load<i32>(at, 4) == generation) atomic.wait<i32>(at + 4, generation, -1);
}
