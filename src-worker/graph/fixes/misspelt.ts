/** Fixes of names that are not known: of kinds, of choices and of settings. */
import { EXPERIMENT_VERSION } from '../../contract/experiment.ts';
import type { Problem } from '../../contract/problems.ts';
import { layers } from '../../layers/table.ts';
import { optimizers } from '../../optimizers/table.ts';
import { freshId, insertAfter } from '../edit/wires.ts';
import { keysOf, lastOf, networkIn, parentOf, put, withNetwork, type Keys, type Spec } from './document.ts';
import { costing, setting, settingAt, type Candidate, type Context, type Mender } from './mender.ts';
import { without } from './missing-settings.ts';
import { settingMeant, synonymOf } from './synonyms.ts';

/** Worse than whatever mends. */
const LAST = 100;

/** The nearest word. A kind alone is short for an object with it: then the word stands where the object would. */
export const misspelt: Mender = (problem, context) => {
  const { spec } = context;
  const { path, words } = problem;
  const meant = synonymOf(problem) ?? words['nearest'];
  const keys = keysOf(spec, path) ?? keysOf(spec, parentOf(path));
  const use = meant !== undefined && keys ? [settingAt(keys, path, meant)] : [];
  const layer = /^network\.nodes\.([^.]+)\.kind$/.exec(path)?.[1];
  // A kind from elsewhere brings settings from elsewhere: more to mend, and still what was wanted.
  if (layer !== undefined) return [...use, ...costing(use.length > 0 ? LAST : 0, without(layer, spec))];
  const isKind = lastOf(path) === 'kind';
  if (path === 'version') return setting(spec, path, EXPERIMENT_VERSION);
  const standard = setting(spec, isKind ? parentOf(path) : path, undefined);
  return [...use, ...border(problem, context), ...(isKind ? costing(2, standard) : standard)];
};

/** A padding in pixels. */
function border({ path, value }: Problem, { spec }: Context): Candidate[] {
  const keys = keysOf(spec, path);
  if (!keys || lastOf(path) !== 'padding' || typeof value !== 'number') return [];
  const explicit = settingAt(keys, path, 'explicit');
  return [{ ...explicit, change: (before) => put(explicit.change(before), [...keys.slice(0, -1), 'pad'], value) }];
}

/** An activation that is a layer of its own here. */
function activation({ path, value, node }: Problem, keys: Keys, spec: Spec): Candidate[] {
  const kind = String(value).toLowerCase();
  const to = networkIn(spec)?.edges.find(([from]) => from === node)?.[1];
  if (lastOf(path) !== 'activation' || layers[kind]?.group !== 'activation' || node === null || !to) return [];
  const change = (before: Spec) =>
    withNetwork(put(before, keys, undefined), (network) =>
      insertAfter(network, { id: freshId(network, kind), kind }, node)
    );
  return [{ code: 'between', words: { layer: kind, from: node, to }, change }];
}

/** Another optimizer that has the setting. */
function otherOptimizer({ path, words }: Problem, keys: Keys): Candidate[] {
  if (!path.startsWith('training.optimizer.')) return [];
  const kinds = Object.keys(optimizers).filter(
    (kind) => kind === words['name'] || Object.hasOwn(optimizers[kind]!.config, String(words['name']))
  );
  return kinds.slice(0, 2).map((kind) => settingAt([...keys.slice(0, -1), 'kind'], `${parentOf(path)}.kind`, kind));
}

export const unknownSetting: Mender = (problem, { spec }) => {
  const { path, value, words } = problem;
  const keys = keysOf(spec, path);
  if (!keys) return [];
  const name = String(words['name']);
  const nearest = settingMeant(problem) ?? words['nearest'];
  const parent = keys.slice(0, -1);
  const remove: Candidate = { code: 'remove', words: { path }, change: (before) => put(before, keys, undefined) };
  if (nearest === undefined) return [...activation(problem, keys, spec), ...otherOptimizer(problem, keys), remove];
  const rename: Candidate = {
    code: 'rename',
    words: { name, nearest },
    change: (before) => put(put(before, keys, undefined), [...parent, String(nearest)], value)
  };
  return [rename, remove];
};
