/** The built command line in a process of its own, with a data folder of its own. */
import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const entry = join(import.meta.dirname, '../../out/main/cli.js');

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a program reads is checked where it is read
export type Json = any;
export const jsonLines = (text: string): Json[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
/** The one JSON line among the sentences on stderr. */
export const jsonError = (stderr: string): Json =>
  jsonLines(
    stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .join('\n')
  )[0];

export function commandLine(home = temporaryFolder()) {
  const env = { ...process.env, CAVIAR_HOME: home, CAVIAR_DB: '', NO_COLOR: '1', FORCE_COLOR: undefined };

  function start(args: readonly string[], options: SpawnOptions = {}) {
    const child = spawn(process.execPath, [entry, ...args], { ...options, env, stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const seen = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream]!.setEncoding('utf8').on('data', (text: string) => (seen[stream] += text));
    const finished: Promise<Finished> = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      ...seen
    }));
    return { child, seen, finished };
  }

  return { home, start, run: (...args: string[]) => start(args).finished };
}
