/** The GPU backends in a worker of a real Chromium: every operation, short training runs, and what it takes to lose a GPU. */
import { expect, test } from '@playwright/test';
import { planCases } from '../worker/backends/plan-cases.ts';
import { ask, openGpuPage, withWebGpu } from './gpu-page.ts';
import type { Availability, LossResult, OperationsResult, PlansResult } from './gpu-worker.ts';

/** Over eleven steps; shaders' exp, log and division are exact to some units in the last place only. */
const PLAN_TOLERANCE = 1e-5;

test.use(withWebGpu);
test.beforeEach(({ page }) => openGpuPage(page));

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

    for (const when of ['between calls', 'during a call'] as const)
      test(`a GPU that is lost ${when} ends training with an error and leaves the parameters`, async ({ page }) => {
        const { first, later, learned, kept } = await ask<LossResult>(page, { backend, task: 'loss', when });
        expect(first).toMatch(/^backend_unavailable: The web\w+ backend cannot go on: .*lost/);
        // gpu.js would make itself a new device, of which nobody has asked whether it is one.
        expect(later).toEqual([first, first]);
        expect(learned).toBeGreaterThan(1e-3);
        expect(kept).toBe(true);
      });
  });
}
