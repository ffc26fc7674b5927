import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { isGone } from '../../../src-main/store/owner.ts';

const ownerOf = (ownerPid: number) => ({ ownerPid, ownerToken: 'of another process' });

it.runIf(process.platform === 'linux')('a killed process that nobody has asked after is gone', async () => {
  // The shell becomes a program that never waits for its children: the killed one stays in the process table.
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  const now = Date.now();
  expect(isGone(ownerOf(pid), now, now)).toBe(false);
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => isGone(ownerOf(pid), now, now)).toBe(true);
  expect(process.kill(pid, 0)).toBe(true); // It is still listed.
});
