/**
 * Runs the classic experiments, checks what they are known for, and writes docs/experiments.md: `npm run experiments`. Not part of the
 * tests: it trains for a while. `npm run experiments -- dropout search` runs some and writes nothing. Exits 1 when a claim does not hold.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { classicExperimentNames, findClassicExperiment } from '../../src-main/lab/classic-experiments.ts';
import { compareVariants, runResult } from '../../src-main/lab/comparison.ts';
import { openStore } from '../../src-main/store/store.ts';
import { claims } from './claims.ts';
import { Evidence } from './evidence.ts';
import { describeAll, describeExperiment, type Checked } from './report.ts';

const root = join(import.meta.dirname, '../..');
const report = join(root, 'docs/experiments.md');
const only = process.argv.slice(2);

const folder = mkdtempSync(join(tmpdir(), 'caviar-experiments-'));
try {
  process.exitCode = await runAll();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runAll(): Promise<number> {
  const known = await classicExperimentNames();
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No experiment ${unknown.join(', ')}. Known: ${known.join(', ')}.`);
  // In the order of the claims, which is that of the lessons.
  const names = Object.keys(claims).filter((name) => only.length === 0 || only.includes(name));
  const done = await inParallel(names, availableParallelism(), async (name) => {
    const startedMs = performance.now();
    const checked = await check(name);
    console.log(`${describeExperiment(checked)}\n\n${((performance.now() - startedMs) / 1000).toFixed(0)} s\n`);
    return checked;
  });
  if (only.length === 0) {
    const options = { ...(await resolveConfig(report)), filepath: report };
    writeFileSync(report, await format(describeAll(done, buildUsed(done)), options));
  }
  const failed = done.flatMap(({ name, findings }) =>
    findings.filter(({ held }) => !held).map(({ claim }) => `${name}: ${claim}`)
  );
  console.log(failed.length === 0 ? 'All claims hold.' : `Claims that do not hold:\n${failed.join('\n')}`);
  return failed.length === 0 ? 0 : 1;
}

/** Small networks gain more from a core each than from several threads; the figures are the same to the last bit. */
async function inParallel<T, R>(items: readonly T[], lanes: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Map<number, R>();
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const at = next++;
      results.set(at, await work(items[at]!));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return items.map((_, at) => results.get(at)!);
}

/** Through the command line, as a person would; then everything is read back from the history. */
async function check(name: string): Promise<Checked> {
  const { experiment } = await findClassicExperiment(name);
  const db = join(folder, `${name}.db`);
  const { inspections = [], variants } = await train(name, db);
  const store = await openStore(db);
  try {
    const runs = variants.flatMap(({ variant, runs: ids }) =>
      ids.map((id) => {
        const record = store.getRun(id);
        return { record, result: runResult(variant, record) };
      })
    );
    const evidence = new Evidence({ runs, variants: compareVariants(runs.map(({ result }) => result)), inspections });
    const findings = claims[name]!.map(({ claim, check: examine }) => ({ claim, ...examine(evidence) }));
    return { name, experiment, evidence, findings };
  } finally {
    store.close();
  }
}

interface Comparison {
  readonly variants: readonly { readonly variant: string; readonly runs: readonly number[] }[];
  readonly inspections?: Evidence['inspections'];
}

/** The last line that `caviar experiment --json` prints. */
async function train(name: string, db: string): Promise<Comparison> {
  const entry = join(root, 'out/main/cli.js');
  const command = [entry, 'experiment', name, '--backend', 'wasm', '--threads', '1', '--json', '--db', db];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (last + text).split('\n');
    last = lines.at(-1) === '' ? `${lines.at(-2)}\n` : lines.at(-1)!;
  });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`caviar experiment ${name} ended with exit code ${code}.`);
  return JSON.parse(last) as Comparison;
}

/** Which build of the backend the figures come from. */
function buildUsed(done: readonly Checked[]): string {
  const starts = done.flatMap(({ evidence }) =>
    evidence.runs.flatMap(({ record }) => record.events.filter((event) => event.type === 'start'))
  );
  const builds = [...new Set(starts.map(({ detail }) => detail.split(',')[0]!))];
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return `Caviar ${version}, backend wasm, ${builds.join(' and ')}`;
}
