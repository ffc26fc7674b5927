/** Changes of the draft that the inspector makes. */
import type { Experiment } from '../../../../src-worker/contract/experiment.ts';
import { getPath, setPath } from '../../../../src-worker/contract/paths.ts';
import { draft } from '../../../state/draft.svelte.ts';

/** One step of undo; what is typed shortly after another at the same place joins it. */
export function setAll(paths: readonly string[], value: unknown): void {
  const change = (experiment: Experiment) => paths.reduce((spec, path) => setDeep(spec, path, value), experiment);
  draft.edit('set', (document) => ({ ...document, experiment: change(document.experiment) }), paths.join(' '));
}

/** As setPath, but what holds the setting is made where it is left out. */
function setDeep(spec: Experiment, path: string, value: unknown): Experiment {
  const holder = path.slice(0, path.lastIndexOf('.'));
  const isMissing = path.includes('.') && getPath(spec, holder) === undefined;
  return setPath(isMissing ? setDeep(spec, holder, {}) : spec, path, value);
}

/** Settings of this kind as they are unless they are said. */
export const standardOf = (kind: string, config: Readonly<Record<string, { readonly default: unknown }>>) => ({
  kind,
  ...Object.fromEntries(Object.entries(config).map(([name, field]) => [name, field.default]))
});
