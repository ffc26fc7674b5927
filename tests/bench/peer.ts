/** The programs that are compared, each in a process of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Ready, Task, Turn, Turned } from './protocol.ts';

export interface Peer {
  readonly title: string;
  readonly command: readonly string[];
  /** In Node. */
  readonly hasThreads?: true;
  /** Why it cannot run here; null when it can. */
  readonly missing?: () => string | null;
}

const program = (file: string) => join(import.meta.dirname, 'programs', file);
const PYTHON = '/usr/bin/python3';

/** Caviar first: the others are compared with it. */
export const peers: readonly Peer[] = [
  { title: 'Caviar', command: [process.execPath, program('caviar.ts')], hasThreads: true },
  { title: 'Caviar without fused multiply-add', command: [process.execPath, program('caviar.ts'), 'simd'] },
  {
    title: 'PyTorch',
    command: [PYTHON, program('pytorch.py')],
    hasThreads: true,
    missing: () =>
      spawnSync(PYTHON, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0
        ? null
        : `${PYTHON} has no torch (Debian: apt install python3-torch)`
  },
  { title: 'TensorFlow.js wasm', command: [process.execPath, program('tfjs.ts'), 'wasm'] },
  { title: 'TensorFlow.js cpu', command: [process.execPath, program('tfjs.ts'), 'cpu'] },
  { title: 'brain.js', command: [process.execPath, program('brain.ts')] },
  { title: 'ConvNetJS', command: [process.execPath, program('convnet.ts')] }
];

export interface RunningPeer {
  readonly name: string;
  readonly threads: number;
  readonly models: Ready['models'];
  canTrain(optimizer: string): boolean;
  turn(optimizer: string, milliseconds: number): Promise<Turned>;
  close(): void;
}

export async function startPeer({ title, command, missing }: Peer, task: Task): Promise<RunningPeer> {
  const { threads, optimizers } = task;
  const reason = missing?.() ?? null;
  if (reason !== null) {
    const models = Object.fromEntries(optimizers.map((optimizer) => [optimizer, { cannot: reason }]));
    const turn = () => Promise.reject(new Error(reason));
    return { name: title, threads, models, canTrain: () => false, turn, close: () => undefined };
  }
  const ask = processOf(command, threads);
  const { name, models } = (await ask(task)) as Ready;
  return {
    name,
    threads,
    models,
    canTrain: (optimizer) => 'detail' in models[optimizer]!,
    turn: (optimizer, milliseconds) => ask({ optimizer, milliseconds }) as Promise<Turned>,
    close: ask.close
  };
}

/** A process as a function from question to answer. */
function processOf([file, ...args]: readonly string[], threads: number) {
  const env = { ...process.env, OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` };
  const child = spawn(file!, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question: Task | Turn): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${[file, ...args].join(' ')} ended:\n${said}`);
      if ((value as string).startsWith('{')) return JSON.parse(value as string); // libraries greet on stdout, too
    }
  };
  return Object.assign(ask, { close: () => void child.stdin.end() });
}
