/** Draws the test set of an import that brings none, class by class. */
import { LabError } from '../../src-worker/contract/errors.ts';
import { splitExamples } from '../../src-worker/data/split.ts';
import { badFile } from './faults.ts';

const STANDARD_SHARE = 0.2;
/** The same files give the same test set on every computer. */
const SEED = 1;

export interface Drawn {
  /** Rows, ascending. */
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * `classes`: 0 where there are none. `share`: of the examples, that is kept for testing.
 *
 * Throws: `invalid_argument` when that is no share; `bad_dataset` when it leaves too few examples for training.
 */
export function drawTest(path: string, labels: Uint8Array, classes: number, share = STANDARD_SHARE): Drawn {
  if (!(share >= 0 && share < 1)) {
    const message = `The test set cannot be ${share} of the examples. Give a number from 0 to below 1.`;
    throw new LabError('invalid_argument', message, { option: 'test', share });
  }
  const { train, dev: test } = splitExamples({
    labels,
    classes,
    limit: null,
    split: { train: 1 - share, dev: share },
    seed: SEED
  });
  const least = Math.max(2, classes);
  if (test.length > 0 && train.length < least)
    throw badFile(
      path,
      `A test set of ${share} of the ${labels.length} examples leaves too few for training`,
      `at least ${least}${classes > 2 ? ', one for each class' : ''}`,
      String(train.length),
      'Give a smaller share with --test.'
    );
  return { train, test };
}
