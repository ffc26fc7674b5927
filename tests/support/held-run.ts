import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A run in another process (see hold-run.ts), that never ends by itself. */
export async function holdRun(database: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-run.ts'), database], {
    stdio: ['ignore', 'pipe', 'inherit']
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { id: Number(line.toString()), kill };
}
