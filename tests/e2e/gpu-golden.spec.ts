/**
 * The golden cases on the GPU backends, in a worker of a real Chromium.
 *
 * | backend | factor | largest error, in tolerances | why no wider tolerance is needed                                    |
 * | ------- | ------ | ---------------------------- | ------------------------------------------------------------------- |
 * | webgl2  | 1      | 0.13                         | float32 throughout; exp, log and tanh are off by a few units in the |
 * | webgpu  | 1      | 0.13                         | last place, and sums by their order: the cases allow for that       |
 *
 * (Of cases that compute on the backend; those about initial values, which do not, come to 0.45; the cases left out on WebGL 2 by default pass there too.) A driver may be less exact within the
 * rules of GLSL ES and WGSL (exp: 3 + 2·|x| units in the last place): there the factor is the largest `worst` of its results.
 *
 * On WebGL 2 every engine compiles some hundred shaders: a second each on a software adapter, minutes for the 78 cases of optimizers.json.
 * There only those with given gradients run, one for each rule and settings, unless GPU_GOLDEN=all.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { CaseResult } from '../../src-worker/contract/verify.ts';
import { readGolden } from '../../src-worker/verify/golden.ts';
import { ask, goldenFolder, openGpuPage, withWebGpu } from './gpu-page.ts';

test.use(withWebGpu);
test.beforeEach(({ page }) => openGpuPage(page));

const files = readdirSync(goldenFolder)
  .filter((name) => name.endsWith('.json') && name !== 'index.json')
  .map((name) => readGolden(name, readFileSync(`${goldenFolder}/${name}`, 'utf8')))
  .filter(({ cases }) => cases.length > 0);

test('there are 276 cases', () => {
  expect(files.flatMap(({ cases }) => cases)).toHaveLength(276);
});

const isAll = process.env['GPU_GOLDEN'] === 'all';

for (const backend of ['webgl2', 'webgpu'] as const)
  for (const { file, cases } of files) {
    const isShort = backend === 'webgl2' && file === 'optimizers.json' && !isAll;
    const names = cases.map(({ name }) => name).filter((name) => !isShort || name.endsWith('_given_gradients'));
    const title = names.length < cases.length ? `${names.length} of ${cases.length}` : `${cases.length}`;
    test(`${title} cases of ${file} pass on ${backend}`, async ({ page }) => {
      test.setTimeout(isAll ? 900_000 : 540_000); // every engine compiles its shaders in software
      const results = await ask<CaseResult[]>(page, { backend, task: 'golden', file, names });
      expect(results).toHaveLength(names.length);
      expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
    });
  }
