import { Command, Option } from 'commander';
import {
  verifiedBackends,
  type CaseResult,
  type Mismatch,
  type VerifiedBackend
} from '../../../src-worker/contract/verify.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { runTask } from '../task-thread.ts';
import { readGoldenFolder } from './golden-folder.ts';
import { jsonOption, wholeNumber } from './options.ts';
import { formatNumber, print, printJson, progressLine, table } from './terminal.ts';

interface VerifyOptions {
  backend: VerifiedBackend;
  threads: number;
  json?: boolean;
}

const MAX_THREADS = 64;

export const verifyCommand = (end: (code: ExitCode) => void) =>
  new Command('verify')
    .description('Compare what is computed here with golden values: layers, losses, optimizers, training runs.')
    .argument('<folder>', 'golden cases: JSON files of the format nn-golden/1')
    .addOption(
      new Option('--backend <name>', 'what computes; wasm-simd and wasm-relaxed are the two builds of wasm')
        .choices(verifiedBackends)
        .default('wasm' satisfies VerifiedBackend)
    )
    .option('--threads <n>', 'compute threads of training runs', wholeNumber(1, MAX_THREADS), 1)
    .addOption(jsonOption('one JSON object a file, and one of all as the last line'))
    .addHelpText(
      'after',
      `
Examples:
  caviar verify tests/golden/data
  caviar verify tests/golden/data --backend wasm-simd --threads 2
  caviar verify my-cases --backend reference --json

A value passes when |got − expected| ≤ atol + rtol·|expected|; the worst ratio of the two sides is shown. The exit code is 1 when a
case has failed. Cases that nothing here can compute are listed as unsupported; they do not count as failed.`
    )
    .action(async (folder: string, options: VerifyOptions) => end(await verify(folder, options)));

async function verify(folder: string, { backend, threads, json }: VerifyOptions): Promise<ExitCode> {
  const files = await readGoldenFolder(folder);
  const results = await runTask('verify', { files, backend, threads }, progressLine());
  const counts = files.map(({ file }) => countsOf(file, results));
  if (json) {
    for (const line of counts) printJson(line);
    printJson(summaryOf(results));
  } else print(describe(results, counts));
  return results.some(({ status }) => status === 'failed') ? exitCodes.failed : exitCodes.ok;
}

interface Counts {
  file: string;
  cases: number;
  passed: number;
  failed: number;
  unsupported: number;
  /** Among those that passed. */
  worst: number | null;
}

function countsOf(file: string, results: readonly CaseResult[]): Counts {
  const own = results.filter((result) => result.file === file);
  const count = (status: CaseResult['status']) => own.filter((result) => result.status === status).length;
  const ratios = own.flatMap((result) => (result.status === 'passed' ? [result.worst] : []));
  return {
    file,
    cases: own.length,
    passed: count('passed'),
    failed: count('failed'),
    unsupported: count('unsupported'),
    worst: ratios.length > 0 ? Math.max(...ratios) : null
  };
}

const failedOf = (results: readonly CaseResult[]) => results.filter((result) => result.status === 'failed');
const unsupportedOf = (results: readonly CaseResult[]) => results.filter((result) => result.status === 'unsupported');

/** For each failed case the output that is farthest off. */
function summaryOf(results: readonly CaseResult[]) {
  return {
    cases: results.length,
    passed: results.filter(({ status }) => status === 'passed').length,
    failed: failedOf(results).map(({ file, name, mismatches, error }) => {
      const [first] = mismatches;
      if (!first) return { name, file, output: null, worst: null, error };
      const { output, worst, at, got, expected } = first;
      return { name, file, output, worst, at, got, expected };
    }),
    unsupported: unsupportedOf(results).map(({ file, name, why }) => ({ name, file, why }))
  };
}

function describe(results: readonly CaseResult[], counts: readonly Counts[]): string {
  const header = ['file', 'cases', 'passed', 'failed', 'unsupported', 'worst'];
  const rows = counts.map(({ file, cases, passed, failed, unsupported, worst }) => [
    file,
    ...[cases, passed, failed, unsupported].map(String),
    formatNumber(worst)
  ]);
  const failures = failedOf(results).flatMap(({ file, name, mismatches, error }) => [
    `${file}: ${name}${error ? `: ${error}` : ''}`,
    ...mismatches.map((mismatch) => `  ${describeMismatch(mismatch)}`)
  ]);
  const refused = unsupportedOf(results).map(({ file, name, why }) => `${file}: ${name}: ${why}`);
  const { cases, passed } = summaryOf(results);
  return [
    table(header, rows),
    ...(failures.length > 0 ? ['', 'Failed:', ...failures] : []),
    ...(refused.length > 0 ? ['', 'Unsupported:', ...refused] : []),
    '',
    `${passed} of ${cases} cases passed.`
  ].join('\n');
}

const describeMismatch = ({ output, at, got, expected, worst }: Mismatch) =>
  `${output}[${at}]: ${got} instead of ${expected}, ${worst === null ? 'infinitely far' : `${formatNumber(worst)} times the tolerance`}`;
