/**
 * The GPU backends in a module worker of a real Chromium, on software adapters: right or wrong, not fast or slow.
 *
 * The worker is bundled here as the product's is, without minification, and served from memory: this needs neither the app nor a host.
 */
import { expect, test, type Page } from '@playwright/test';
import { build, type Rolldown } from 'vite';
import type { Kinded } from '../../src-worker/contract/fields.ts';
import { checkExperiment } from '../../src-worker/graph/check-experiment.ts';
import { makePlan } from '../../src-worker/plan/make-plan.ts';
import { compare, goldenCases, type GoldenCase } from '../golden/read.ts';
import { traceSetup, traceStart } from '../golden/traces.ts';
import { describedDatasets } from '../support/datasets.ts';
import { planCases } from '../worker/backends/plan-cases.ts';
import type { Availability, OperationsResult, PlansResult, TrainingResult } from './gpu-worker.ts';

/** Over eleven steps; shaders' exp, log and division are exact to some units in the last place only. */
const PLAN_TOLERANCE = 1e-5;
/** Any secure origin: every request to it is answered from memory. */
const ORIGIN = 'http://localhost:9/';

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    // Without --enable-unsafe-webgpu Chromium offers no WebGPU adapter where there is only SwiftShader.
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), '--enable-unsafe-webgpu'] });
  }
});

let scripts: Map<string, string>;

test.beforeAll(async () => {
  const bundle = (await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      minify: false,
      target: 'chrome140',
      rolldownOptions: { input: 'tests/e2e/gpu-worker.ts', output: { format: 'es', entryFileNames: 'gpu-worker.js' } }
    }
  })) as Rolldown.RolldownOutput;
  scripts = new Map(
    bundle.output.flatMap((file) => (file.type === 'chunk' ? [[`/${file.fileName}`, file.code] as const] : []))
  );
});

test.beforeEach(async ({ page }) => {
  await page.context().route(`${ORIGIN}**`, (route) => {
    const body = scripts.get(new URL(route.request().url()).pathname);
    return route.fulfill(
      body ? { contentType: 'text/javascript', body } : { contentType: 'text/html', body: '<!doctype html>' }
    );
  });
  await page.goto(ORIGIN);
});

function ask<T>(page: Page, request: { backend: string; task: string } & Record<string, unknown>): Promise<T> {
  return page.evaluate(
    (message) =>
      new Promise<T>((resolve, reject) => {
        const worker = new Worker('/gpu-worker.js', { type: 'module' });
        worker.onerror = ({ message: why }) => reject(new Error(why));
        worker.onmessage = ({ data }) => {
          worker.terminate();
          if ('error' in data) reject(new Error(`${data.error.code}: ${data.error.message}`));
          else resolve(data.result);
        };
        worker.postMessage(message);
      }),
    request
  );
}

/** A golden training run: start, batches and where each parameter must end. */
function trainingRequest(trace: GoldenCase) {
  const { optimizer, lr, momentum, betas, eps } = trace.params as {
    optimizer: string;
    lr: number;
    momentum: number;
    betas: [number, number];
    eps: number;
  };
  const rule: Kinded =
    optimizer === 'adam'
      ? { kind: 'adam', learningRate: lr, beta1: betas[0], beta2: betas[1], eps }
      : { kind: 'momentum', learningRate: lr, momentum };
  const { layers, shape, examples, labels, rows } = traceSetup(trace);
  const nodes = [{ kind: 'input' }, ...layers].map((layer, at) => ({ ...layer, id: `n${at}` }));
  const spec = {
    version: 1,
    name: 'golden',
    data: { dataset: 'golden' },
    network: { nodes, edges: nodes.slice(1).map(({ id }, at) => [`n${at}`, id]) },
    training: { optimizer: rule, batchSize: rows[0]!.length }
  };
  const classes = Array.from({ length: 10 }, (_, c) => `${c}`);
  const info = { ...describedDatasets[0]!, name: 'golden', shape: [...shape], classes };
  const { experiment } = checkExperiment(spec, [info]);
  const plan = makePlan(experiment!, { shape, classes: 10, values: [] });
  const parameters = traceStart(trace, layers, plan);
  const start = new Float32Array(plan.arena);
  for (const { parameter, ours } of parameters) start.set(ours, parameter.at);
  const request = {
    experiment,
    shape,
    classes: 10,
    examples: Array.from(examples),
    labels: Array.from(labels),
    start: Array.from(start),
    rows: rows.flatMap((batch) => Array.from(batch)),
    counts: rows.map((batch) => batch.length)
  };
  return { parameters, request };
}

const traces = goldenCases('train_trace', 'train');

for (const backend of ['webgl2', 'webgpu'] as const) {
  test.describe(backend, () => {
    test('runs here when asked for, and is never chosen: its adapter is software', async ({ page }) => {
      const { asked, auto } = await ask<Availability>(page, { backend, task: 'availability' });
      expect(asked).toBeNull();
      expect(auto).toMatch(/swiftshader.* is software/i);
    });

    test('every operation agrees with plain loops', async ({ page }) => {
      test.slow(); // some hundred shaders to compile
      const results = await ask<OperationsResult>(page, { backend, task: 'operations' });
      expect(results.length).toBeGreaterThan(100);
      expect(results.filter(({ worst }) => !(worst <= 1))).toEqual([]);
    });

    test('short training runs follow the reference', async ({ page }) => {
      test.slow();
      const results = await ask<PlansResult>(page, { backend, task: 'plans' });
      expect(results.length).toBe(planCases.length);
      for (const { title, ...differences } of results)
        for (const [what, difference] of Object.entries(differences))
          expect(difference, `${what} with ${title}`).toBeLessThan(PLAN_TOLERANCE);
    });

    for (const trace of traces)
      test(`${trace.name} ends where PyTorch does`, async ({ page }) => {
        const { parameters, request } = trainingRequest(trace);
        const got = await ask<TrainingResult>(page, { backend, task: 'training', ...request });
        expect(got.detail).toMatch(/swiftshader/i);
        // The runs are cut after 7 steps, so that some calls have fewer steps than their pipeline.
        expect(7 % got.maxSteps).toBeGreaterThan(0);
        const values: Record<string, ArrayLike<number>> = {
          losses: got.losses,
          loss_all_before: [got.before.loss!],
          correct_all_before: [got.before.accuracy! * 256],
          loss_all_after: [got.after.loss!],
          correct_all_after: [got.after.accuracy! * 256]
        };
        for (const { golden, parameter, toGolden } of parameters)
          values[`${golden}@30`] = toGolden(got.end.slice(parameter.at, parameter.at + parameter.size));
        for (const [name, value] of Object.entries(values))
          expect(compare(value, trace.expected[name]!), name).toMatchObject({ passed: true });
      });
  });
}
