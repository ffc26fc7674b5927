import { expect, it } from 'vitest';
import { awaitedSteps } from '../../../src-worker/observe/awaited.ts';

it.each([
  [100, [0, 1, 50, 100, 150, 200]],
  [7, [0, 1, 4, 7, 11, 14]],
  [2, [0, 1, 2, 3, 4]],
  [1, [0, 1, 2]]
])('of epochs of %d steps looks are waited for behind %j', (steps, expected) => {
  expect(awaitedSteps(steps)).toEqual(expected);
});
