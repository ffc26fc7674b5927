import { Command } from 'commander';
import { workloadNames, type BenchResult, type WorkloadName } from '../../../src-worker/contract/bench.ts';
import { backendNames, type BackendName } from '../../../src-worker/contract/run.ts';
import { runTask } from '../task-thread.ts';
import { collectOneOf, jsonOption, wholeNumber } from './options.ts';
import { formatCount, formatNumber, formatShare, print, printJson, progressLine, table } from './terminal.ts';

interface BenchOptions {
  workload?: WorkloadName[];
  backend?: BackendName[];
  threads?: number;
  json?: boolean;
}

const MAX_THREADS = 64;

export const benchCommand = () =>
  new Command('bench')
    .description('Measure how fast this machine trains, and how near that is to what its processor could do.')
    .option(
      '--workload <name>',
      `${workloadNames.join(', ')}; may be repeated (default: all)`,
      collectOneOf(workloadNames)
    )
    .option(
      '--backend <name>',
      `${backendNames.join(', ')}; may be repeated (default: wasm)`,
      collectOneOf(backendNames)
    )
    .option('--threads <n>', 'compute threads (default: one, and as many as there are)', wholeNumber(1, MAX_THREADS))
    .addOption(jsonOption('one JSON object'))
    .addHelpText(
      'after',
      `
Examples:
  caviar bench
  caviar bench --workload mlp --workload cnn --threads 1
  caviar bench --workload tiny --backend wasm --backend reference --json

A minute at most with the backend wasm. docs/performance.md explains the figures.`
    )
    .action(async ({ workload, backend, threads, json }: BenchOptions) => {
      const request = {
        workloads: workload ?? workloadNames,
        backends: backend ?? ['wasm' as const],
        threads: threads ?? null
      };
      const result = await runTask('bench', request, progressLine());
      if (json) printJson(result);
      else print(describe(result));
    });

function describe({ workloads, peak, rounds }: BenchResult): string {
  const header = ['workload', 'optimizer', 'backend', 'ms/step', 'spread', 'images/s', 'GFLOP/s', 'of peak'];
  const rows = workloads.map((measured) => [
    measured.name,
    measured.optimizer,
    `${measured.backend} (${measured.detail})`,
    formatNumber(measured.msPerStep),
    formatShare(measured.spread),
    formatCount(measured.imagesPerSecond),
    formatNumber(measured.gflops),
    formatShare(measured.shareOfPeak)
  ]);
  const peakLine = `SIMD peak of one thread: ${formatNumber(peak.gflops)} GFLOP/s (${peak.instruction}).`;
  return `${table(header, rows)}\n\n${peakLine} Medians of ${rounds} rounds.`;
}
