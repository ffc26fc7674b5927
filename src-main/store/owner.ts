/** Which process trains a run, so that the runs of one that is gone can be told from those of one that lives. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

export interface Owner {
  ownerPid: number;
  /** Differs from process to process: in a container the same number returns at every start. */
  ownerToken: string;
}

export const thisProcess: Owner = { ownerPid: process.pid, ownerToken: randomUUID() };

/** The system's start is known only roughly. */
const BOOT_SLACK_MS = 60_000;

/** `updatedAtMs`: when the owner last wrote; before the system's start, its process number says nothing. */
export function isGone({ ownerPid, ownerToken }: Owner, updatedAtMs: number, nowMs: number): boolean {
  if (ownerToken === thisProcess.ownerToken) return false;
  if (ownerPid === process.pid) return true;
  if (updatedAtMs < nowMs - uptime() * 1000 - BOOT_SLACK_MS) return true;
  return !isAlive(ownerPid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !isZombie(pid); // Signal 0 only asks.
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // It lives and belongs to somebody else.
  }
}

/** Dead, but still listed until its parent asks how it ended, which in a container may take long. Elsewhere than on Linux: never. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    // pid (name) state …; the name may hold anything, a closing bracket too.
    return /\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // Gone meanwhile, or hidden: the signal has answered.
  }
}
