/** Inputs that nobody means: every answer is a sentence that names the setting, and mended they are experiments. */
import { expect, it } from 'vitest';
import { messageOf } from '../../../src-worker/contract/problems.ts';
import { mended } from '../../../src-worker/report/mend.ts';
import { reportOf } from '../../../src-worker/report/report.ts';
import { describedDatasets, presetSpec } from '../../support/datasets.ts';

const spec = presetSpec('lenet-5');
const { training, network, data } = spec;

const odd: readonly [input: unknown, message: string][] = [
  [{ ...spec, seed: 1e300 }, '“seed” must be at most 4294967295 (found 1e+300). Give a smaller value.'],
  [{ ...spec, seed: -1 }, '“seed” must be at least 0 (found -1). Give a larger value.'],
  [{ ...spec, training: null }, '“training” must be an object (found null).'],
  [{ ...spec, training: { ...training, optimizer: 'sgd' } }, 'Give an object, such as { "kind": "…" }'],
  [{ ...spec, data: 'mnist' }, 'Give an object, such as { "dataset": …, "limit": … }'],
  [{ ...spec, network: { ...network, edges: [[1, 2]] } }, '“edges.0.0” must be text (found 1). Give text.'],
  [{ ...spec, network: { ...network, nodes: undefined } }, '“nodes” is missing. Add a list.'],
  [{ ...spec, training: { ...training, heads: { 'a b': {} } } }, 'An id is 1 to 64 letters, digits, - or _'],
  [{ ...spec, data: { ...data, split: 'half' } }, '“split” must be an object (found "half").']
];

it.each(odd)('odd input %#', (input, message) => {
  const { problems } = reportOf(input, describedDatasets);
  expect(problems.map(messageOf).join('\n')).toContain(message);
  const keys = problems.map(({ code, path }) => `${code} ${path}`);
  expect(new Set(keys).size).toBe(keys.length);
  expect(mended(input, describedDatasets).report.problems).toEqual([]);
});

it.each([[[]], [42], [null], ['x']])('what is no object at all, %j, is told to be none', (input) => {
  const [problem, ...others] = reportOf(input, describedDatasets).problems;
  expect(others).toEqual([]);
  expect(messageOf(problem!)).toBe(
    `The experiment must be an object (found ${JSON.stringify(input)}). Give an object, such as { "version": …, "name": … }, or set its parts one by one.`
  );
});
