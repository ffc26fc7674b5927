/** Settings of an experiment as it was typed, which may be malformed elsewhere: what is not touched stays as it is. */
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import { getPath, setPath } from '../../src-worker/contract/paths.ts';

/**
 * `typed` with another value at `path`. `shown` is the same in the form that views rely on (formed.ts): what holds the setting and is
 * left out or malformed becomes what was shown there, and nothing else does.
 */
export function withValue(typed: Experiment, shown: Experiment, path: string, value: unknown): Experiment {
  const keys = path.split('.');
  let whole = typed;
  for (let depth = 1; depth < keys.length; depth++) {
    const holder = keys.slice(0, depth).join('.');
    const [had, sees] = [getPath(whole, holder), getPath(shown, holder)];
    if (!isLike(had, sees)) whole = setPath(whole, holder, sees ?? {});
  }
  return setPath(whole, path, value);
}

/** A list of as many things, or an object, or the null that stands for settings left out. */
function isLike(had: unknown, sees: unknown): boolean {
  if (Array.isArray(sees)) return Array.isArray(had) && had.length === sees.length;
  const isObject = typeof had === 'object' && had !== null && !Array.isArray(had);
  // A kind that is none is shown as the default, with settings of its own.
  const kindOf = (of: unknown) => (of as { kind?: unknown } | null | undefined)?.kind;
  return isObject && (kindOf(had) === kindOf(sees) || typeof kindOf(sees) !== 'string');
}
