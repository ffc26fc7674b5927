/**
 * Milliseconds per training step (Adam) on the wasm backend, and, where Debian's python3-torch is installed, of PyTorch. All take turns
 * within every round, so that a busy machine is unfair to all of them alike: trust the ratios.
 *
 *   npm run bench -- mlp      the preset fashion-5-layer, batch 128; what runs unless another is named
 *   npm run bench -- cnn      the preset small-cnn, batch 64
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Engine } from '../../src-worker/backends/backend.ts';
import { bestVariant, type Variant } from '../../src-worker/backends/wasm/kernels.ts';
import { wasmBackend } from '../../src-worker/backends/wasm/wasm.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../src-worker/plan/make-plan.ts';
import { initialParameters } from '../../src-worker/train/initialize.ts';
import { describedDatasets, presetSpec } from '../support/datasets.ts';
import { nodeHost } from '../support/node-host.ts';

const workloads = { mlp: { preset: 'fashion-5-layer', steps: 100 }, cnn: { preset: 'small-cnn', steps: 20 } } as const;
const workload = (process.argv[2] ?? 'mlp') as keyof typeof workloads;
if (!(workload in workloads)) throw new Error(`There is no workload ${workload}. Known: mlp, cnn.`);

const ROUNDS = 11;
const { preset, steps: STEPS } = workloads[workload];
const EXAMPLES = 2048;

interface Contender {
  readonly name: string;
  msPerStep(): Promise<number>;
  close(): Promise<void>;
}

const { experiment } = checkExperiment(presetSpec(preset), describedDatasets);
const plan = makePlan(experiment!, { shape: [28, 28, 1], classes: 10, values: [] });
const table = {
  examples: Uint8Array.from({ length: EXAMPLES * 784 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24),
  labels: Uint8Array.from({ length: EXAMPLES }, (_, i) => i % 10),
  values: new Float32Array(),
  scale: new Float32Array(784).fill(1 / 90),
  shift: new Float32Array(784).fill(-0.8)
};

async function ours(variant: Variant, threads: number): Promise<Contender> {
  const engine = await wasmBackend({ variant }).prepare({ plan, table, host: nodeHost(threads), threads });
  await engine.write('w', initialParameters(plan, 1));
  let done = 0;
  const run = async (steps: number): Promise<number> => {
    const started = performance.now();
    await trainOn(engine, steps, done);
    done += steps;
    return (performance.now() - started) / steps;
  };
  await run(STEPS);
  return { name: `wasm (${engine.detail})`, msPerStep: () => run(STEPS), close: () => engine.close() };
}

function trainOn(engine: Engine, steps: number, done: number): Promise<number> {
  const rows = Int32Array.from({ length: steps * plan.batchSize }, (_, i) => (i + done * plan.batchSize) % EXAMPLES);
  const counts = new Int32Array(steps).fill(plan.batchSize);
  const sums = plan.measures.map(() => new Float64Array(steps));
  return engine.train(
    { steps, rows, counts, firstStep: done + 1, numbers: { learningRate: new Float64Array(steps).fill(1e-3) } },
    sums
  );
}

async function torch(threads: number): Promise<Contender | null> {
  if (spawnSync('/usr/bin/python3', ['-c', 'import torch'], { stdio: 'ignore' }).status !== 0) return null;
  const env = { ...process.env, OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` };
  const script = join(import.meta.dirname, 'step-torch.py');
  const peer: ChildProcess = spawn('/usr/bin/python3', [script, `${threads}`, workload], {
    env,
    stdio: ['pipe', 'pipe', 'ignore']
  });
  const lines = createInterface({ input: peer.stdout! })[Symbol.asyncIterator]();
  const answer = async () => (await lines.next()).value as string;
  const version = await answer();
  return {
    name: `PyTorch ${version} (${threads} ${threads === 1 ? 'thread' : 'threads'})`,
    async msPerStep() {
      peer.stdin!.write(`${STEPS}\n`);
      return Number(await answer());
    },
    close: async () => void peer.stdin!.end()
  };
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

for (const threads of [1, 2]) {
  const variants: Variant[] = bestVariant() === 'relaxed' ? ['relaxed', 'simd'] : ['simd'];
  const contenders = [
    await torch(threads),
    ...(await Promise.all(variants.map((variant) => ours(variant, threads))))
  ].filter((c) => c !== null);
  const times = contenders.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, contender] of contenders.entries()) times[i]!.push(await contender.msPerStep());
  console.log(
    `\n| ${threads} ${threads === 1 ? 'thread' : 'threads'} | ms/step, median | fastest … slowest | of PyTorch |\n| --- | ---: | ---: | ---: |`
  );
  for (const [i, { name }] of contenders.entries()) {
    const ratio =
      name.startsWith('wasm') && contenders[0]!.name.startsWith('PyTorch')
        ? median(times[i]!.map((ms, r) => ms / times[0]![r]!)).toFixed(2)
        : '';
    const [fastest, slowest] = [Math.min(...times[i]!), Math.max(...times[i]!)];
    console.log(
      `| ${name} | ${median(times[i]!).toFixed(3)} | ${fastest.toFixed(3)} … ${slowest.toFixed(3)} | ${ratio} |`
    );
  }
  for (const contender of contenders) await contender.close();
}
