/** What can be done in Build. */
import { addLayer, applyFix, arrangeLayers, removeSelection, selectAll } from '../canvas/edits.ts';
import { canvas } from '../canvas/canvas-state.svelte.ts';
import { startConnecting } from '../canvas/canvas-keys.ts';
import { families } from '../../src-worker/graph/choices.ts';
import { iconOf } from '../canvas/layer-icons.ts';
import { fixText } from '../controls/problem-words.ts';
import { t, tMaybe } from '../i18n/t.svelte.ts';
import type { Action } from './actions.svelte.ts';
import { build, TRAINING } from './build.svelte.ts';
import { draft } from './draft.svelte.ts';

const group = 'palette.build';

export function buildActions(): Action[] {
  if (!draft.experiment) return [];
  return [...fixActions(), ...layerActions(), ...sightActions(), ...addActions()];
}

function fixActions(): Action[] {
  const problem = draft.report.problems[0];
  return (problem?.fixes ?? []).map((fix, index) => ({
    id: `fix-${index}`,
    title: t('action.fix', { fix: fixText(fix) }),
    group,
    icon: 'check',
    run: () => applyFix(fix)
  }));
}

function layerActions(): Action[] {
  const id = canvas.focused;
  const hasChoice = build.selected.length > 0 || canvas.wire !== null;
  const isLayer = id !== null && id !== TRAINING && draft.experiment!.network.nodes.some((node) => node.id === id);
  const all: (Action | false)[] = [
    hasChoice && { id: 'remove', title: t('action.remove'), group, keys: 'Delete', on: 'canvas', run: removeSelection },
    hasChoice && {
      id: 'remove-back',
      title: '',
      group,
      keys: 'Backspace',
      on: 'canvas',
      run: removeSelection,
      hidden: true
    },
    isLayer && { id: 'connect', title: t('action.connect'), group, keys: 'C', on: 'canvas', run: startConnecting },
    isLayer && {
      id: 'rename',
      title: t('action.rename'),
      group,
      keys: 'F2',
      on: 'canvas',
      run: () => (canvas.renaming = id)
    },
    { id: 'select-all', title: t('action.selectAll'), group, keys: 'Ctrl A', on: 'canvas', run: selectAll },
    { id: 'arrange', title: t('canvas.arrange'), group, keys: 'A', on: 'canvas', icon: 'arrange', run: arrangeLayers }
  ];
  return all.filter((action) => action !== false);
}

function sightActions(): Action[] {
  const view = canvas.view;
  if (!view) return [];
  return [
    { id: 'fit', title: t('canvas.fit'), group, keys: 'F', on: 'canvas', icon: 'fit', run: () => view.fit() },
    { id: 'zoom-in', title: t('canvas.zoomIn'), group, keys: '+', on: 'canvas', run: () => view.zoomBy(1.25) },
    { id: 'zoom-less', title: t('canvas.zoomOut'), group, keys: '-', on: 'canvas', run: () => view.zoomBy(0.8) },
    { id: 'zoom-one', title: t('canvas.zoomOne'), group, keys: '0', on: 'canvas', run: () => view.zoomTo(1) },
    {
      id: 'find-layer',
      title: t('layers.find'),
      group,
      keys: '/',
      run: () => document.getElementById('find-layer')?.focus()
    }
  ];
}

const addActions = (): Action[] =>
  Object.values(families.layers)
    .filter(({ kind }) => kind !== 'input')
    .map(({ kind }) => ({
      id: `add-${kind}`,
      title: t('action.addLayer', { layer: tMaybe(`kind.${kind}`, kind) }),
      group,
      icon: iconOf(kind),
      run: () => addLayer(kind)
    }));
