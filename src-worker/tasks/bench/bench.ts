/**
 * The benchmark: milliseconds a training step takes, for each workload, optimizer, backend and number of threads. All configurations are
 * made ready first and then take turns in every round, so that whatever else the machine does hits all of them alike.
 */
import type { Backend } from '../../backends/backend.ts';
import { backends } from '../../backends/table.ts';
import type { BenchMeasurement, BenchRequest, BenchResult } from '../../contract/bench.ts';
import { LabError } from '../../contract/errors.ts';
import type { TaskHost } from '../task.ts';
import { prepareContender, type Configuration, type Contender, type Turn } from './contender.ts';
import { simdPeak } from './simd-peak.ts';
import { workloads } from './workloads/table.ts';

const OPTIMIZERS = ['sgd', 'adam'];
const ROUNDS = 9;
/** Of all rounds together, where no engine is slower than its turn. */
const BUDGET_MS = 25_000;
/** Of everything: where engines are slow there are fewer rounds. */
const LONGEST_MS = 45_000;
const LONGEST_TURN_MS = 150;
const PEAK_TURN_MS = 20;
/** A warm-up that took so long was a measurement: what the compiler does at the beginning is lost in it. */
const SLOW_MS = 1000;

export async function bench(request: BenchRequest, host: TaskHost): Promise<BenchResult> {
  const startedMs = host.nowMs();
  const contenders: Contender[] = [];
  try {
    await prepareAll(await configurationsOf(request, host), contenders, host);
    return await compete(contenders, startedMs, host);
  } finally {
    for (const contender of contenders) await contender.close();
  }
}

/** Throws: `backend_unavailable`. */
async function configurationsOf(request: BenchRequest, host: TaskHost): Promise<Configuration[]> {
  const asked = await Promise.all(request.backends.map(availableBackend));
  const threadCounts = request.threads === null ? [...new Set([1, host.cores])] : [request.threads];
  return request.workloads.flatMap((name) =>
    OPTIMIZERS.flatMap((optimizer) =>
      asked.flatMap((backend) =>
        threadCounts.map((threads) => ({ workload: workloads[name], optimizer, backend, threads }))
      )
    )
  );
}

async function availableBackend(name: string): Promise<Backend> {
  const backend = backends.find((candidate) => candidate.name === name);
  const reason = backend ? await backend.unavailable('asked') : 'it is not part of this program';
  if (backend && reason === null) return backend;
  throw new LabError('backend_unavailable', `The backend ${name} cannot run here: ${reason}.`, { backend: name });
}

/** Fills `contenders`; where more threads than an engine has work for were asked for, the same one is kept once. */
async function prepareAll(
  configurations: readonly Configuration[],
  contenders: Contender[],
  host: TaskHost
): Promise<void> {
  const keyOf = ({ identity: { name, optimizer, backend, threads } }: Contender) =>
    [name, optimizer, backend, threads].join();
  for (const [i, configuration] of configurations.entries()) {
    const { workload, optimizer, backend } = configuration;
    host.progress({
      share: (0.3 * i) / configurations.length,
      what: `preparing ${workload.name}, ${optimizer}, ${backend.name}`
    });
    const contender = await prepareContender(configuration, host);
    if (contenders.some((other) => keyOf(other) === keyOf(contender))) await contender.close();
    else contenders.push(contender);
  }
}

async function compete(contenders: readonly Contender[], startedMs: number, host: TaskHost): Promise<BenchResult> {
  const peak = simdPeak(host.nowMs);
  peak.measure(PEAK_TURN_MS); // the compiler takes a moment
  const turnMs = Math.min(LONGEST_TURN_MS, BUDGET_MS / ROUNDS / contenders.length);
  const peaks: number[] = [];
  const times = contenders.map((): number[] => []);
  const slowMs = contenders.reduce((sum, { first }) => sum + (isSlow(first) ? first.ms : 0), 0);
  const roundsMs = host.nowMs();
  for (let round = 0; round < ROUNDS; round++) {
    // A round more must fit: slow engines take far longer than their turn.
    const now = host.nowMs();
    if (round > 0 && now - startedMs + Math.max(slowMs, (now - roundsMs) / round) > LONGEST_MS) break;
    peaks.push(peak.measure(PEAK_TURN_MS));
    for (const [i, contender] of contenders.entries()) {
      const { name, optimizer, detail } = contender.identity;
      const done = round + i / contenders.length;
      host.progress({
        share: 0.3 + (0.7 * done) / ROUNDS,
        what: `round ${round + 1}: ${name}, ${optimizer}, ${detail}`
      });
      const isMeasured = round === 0 && isSlow(contender.first);
      const { steps, ms } = isMeasured ? contender.first : await contender.turn(turnMs);
      times[i]!.push(ms / steps);
    }
  }
  const peakGflops = quantile(peaks, 0.5);
  return {
    workloads: contenders.map((contender, i) => measurementOf(contender, times[i]!, peakGflops)),
    peak: { gflops: peakGflops, instruction: peak.instruction },
    rounds: peaks.length
  };
}

function measurementOf({ identity, multiplyAdds }: Contender, times: number[], peakGflops: number): BenchMeasurement {
  const msPerStep = quantile(times, 0.5);
  const gflops = (2 * multiplyAdds) / msPerStep / 1e6;
  return {
    ...identity,
    msPerStep,
    spread: (quantile(times, 0.75) - quantile(times, 0.25)) / msPerStep,
    imagesPerSecond: (1000 * identity.batchSize) / msPerStep,
    gflops,
    shareOfPeak: identity.backend === 'wasm' ? gflops / (peakGflops * identity.threads) : null
  };
}

const isSlow = ({ ms }: Turn): boolean => ms > SLOW_MS;

/** Between the two nearest values by their distance. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}
