/**
 * Caviar beside other libraries, on the workloads of `caviar bench`: one process each, taking turns within every round, so that a busy
 * machine is unfair to all of them alike. Prints Markdown; with --write puts it into docs/performance.md.
 *
 *   npm run bench:peers -- [--write] [workload …]
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { workloadNames, type WorkloadName } from '../../src-worker/contract/bench.ts';
import { LEARNING_RATE } from '../../src-worker/tasks/bench/workloads/workload.ts';
import { workloads } from '../../src-worker/tasks/bench/workloads/table.ts';
import { startPeer, peers, type RunningPeer } from './peer.ts';
import { markdownOf, type Row } from './markdown.ts';

const OPTIMIZERS = ['sgd', 'adam'];
const ROUNDS = 15;
const TURN_MS = 100;
/** Of one program and optimizer in all rounds: whoever needs seconds for a step takes part in the first rounds only. */
const BUDGET_MS = 4000;

const args = process.argv.slice(2);
const asked = args.filter((word) => word !== '--write');
const unknown = asked.find((word) => !(workloadNames as readonly string[]).includes(word));
if (unknown !== undefined) fail(`There is no workload ${unknown}. Known: ${workloadNames.join(', ')}.`);
if (!existsSync(join(import.meta.dirname, 'node_modules')))
  fail('The other libraries are not installed. Install them: npm ci --prefix tests/bench');

const chosen = asked.length > 0 ? (asked as WorkloadName[]) : workloadNames;
const threadCounts = [...new Set([1, Math.min(2, availableParallelism())])];
const sections: string[] = [];
for (const name of chosen) sections.push(markdownOf(workloads[name], await compare(name)));
const text = sections.join('\n\n');
if (args.includes('--write')) writeInto(join(import.meta.dirname, '../../docs/performance.md'), text);
else console.log(text);

/** All rounds of one workload. */
async function compare(name: WorkloadName): Promise<Row[]> {
  const running: RunningPeer[] = [];
  for (const threads of threadCounts)
    for (const peer of peers.filter(({ hasThreads }) => threads === 1 || hasThreads)) {
      process.stderr.write(`${name}: preparing ${peer.title}, ${threads} thread${threads > 1 ? 's' : ''}\n`);
      const task = { workload: workloads[name], optimizers: OPTIMIZERS, learningRate: LEARNING_RATE, threads };
      running.push(await startPeer(peer, task));
    }
  const rows = running.flatMap((peer): Row[] =>
    OPTIMIZERS.map((optimizer) => ({ peer, optimizer, turns: [], spentMs: 0 }))
  );
  for (let round = 0; round < ROUNDS; round++) {
    process.stderr.write(`${name}: round ${round + 1} of ${ROUNDS}\n`);
    for (const row of rows.filter(({ peer, optimizer }) => peer.canTrain(optimizer))) {
      if (round > 0 && row.spentMs * (1 + 1 / round) > BUDGET_MS) continue;
      const startedMs = performance.now();
      row.turns[round] = await row.peer.turn(row.optimizer, TURN_MS);
      row.spentMs += performance.now() - startedMs;
    }
  }
  for (const { close } of running) close();
  return rows;
}

function writeInto(file: string, tables: string): void {
  const [begin, end] = ['<!-- peers: written by npm run bench:peers -->', '<!-- /peers -->'];
  const before = readFileSync(file, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) fail(`${file} has no place between “${begin}” and “${end}”.`);
  writeFileSync(file, `${before.slice(0, from + begin.length)}\n\n${tables}\n\n${before.slice(to)}`);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
