/** What can be done in Build. */
import {
  addLayer,
  alignSelection,
  applyFix,
  arrangeLayers,
  copyText,
  duplicateSelection,
  pasteText,
  removeSelection,
  selectAll
} from '../canvas/acts/edits.ts';
import { canvas } from '../canvas/canvas-state.svelte.ts';
import { chooseNextWire, startConnecting } from '../canvas/acts/canvas-keys.ts';
import type { Wire } from '../../src-worker/graph/edit/wires.ts';
import { families } from '../../src-worker/graph/choices.ts';
import { iconOf } from '../canvas/cards/layer-icons.ts';
import { stage } from '../canvas/stage.svelte.ts';
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
  const { selected } = build;
  const wire = stage.wire;
  const hasLayers = selected.some((one) => one !== TRAINING);
  const isLayer = id !== null && id !== TRAINING && draft.experiment!.network.nodes.some((node) => node.id === id);
  const all: (Action | false)[] = [
    (selected.length > 0 || wire !== null) && {
      ...act('remove', removal(wire), 'Delete', () => removeSelection()),
      alsoKeys: 'Backspace'
    },
    hasLayers && act('duplicate', t('action.duplicate'), 'Ctrl D', duplicateSelection),
    hasLayers && { ...act('copy', t('action.copy'), 'Ctrl C', copy), native: true },
    hasLayers && {
      ...act('cut', t('action.cut'), 'Ctrl X', () => copy().then(() => removeSelection('cut'))),
      native: true
    },
    { ...act('paste', t('action.paste'), 'Ctrl V', paste), native: true },
    hasLayers && { id: 'save-block', title: t('blocks.save'), group, icon: 'block', run: () => (canvas.saving = true) },
    isLayer && act('connect', t('action.connect'), 'C', startConnecting),
    isLayer && act('wire', t('action.wire', { layer: id }), 'W', chooseNextWire),
    isLayer && hasLayers && act('rename', t('action.rename'), 'F2', () => (canvas.renaming = id)),
    act('select-all', t('action.selectAll'), 'Ctrl A', selectAll),
    ...(selected.length > 1 ? alignActions(selected.length) : []),
    { ...act('arrange', t('canvas.arrange'), 'A', arrangeLayers), icon: 'arrange' }
  ];
  return all.filter((action) => action !== false);
}

const removal = (wire: Wire | null): string =>
  wire ? t('action.removeWire', { from: wire[0], to: wire[1] }) : t('action.remove');

const alignActions = (count: number): (Action | false)[] => [
  act('align-left', t('action.alignLeft'), 'Alt L', () => alignSelection('left')),
  act('align-centre', t('action.alignCentre'), 'Alt M', () => alignSelection('centre')),
  count > 2 && act('distribute', t('action.distribute'), 'Alt V', () => alignSelection('distribute'))
];

const act = (id: string, title: string, keys: string, run: () => unknown): Action => ({
  id,
  title,
  group,
  keys,
  on: 'canvas',
  run
});

/** From the list of commands: with the keys, the browser's own way to the clipboard is taken. */
async function copy(): Promise<void> {
  const text = copyText();
  if (text !== null) await navigator.clipboard.writeText(text);
}

async function paste(): Promise<void> {
  try {
    pasteText(await navigator.clipboard.readText());
  } catch {
    canvas.announce(t('canvas.refused.clipboard')); // the browser asks, and a person may say no
  }
}

function sightActions(): Action[] {
  const view = canvas.view;
  if (!view) return [];
  const toText = build.side === 'inspector';
  return [
    {
      id: 'side',
      title: t(toText ? 'action.showText' : 'action.showSettings'),
      group,
      icon: 'code',
      run: () => (build.side = toText ? 'text' : 'inspector')
    },
    { id: 'fit', title: t('canvas.fit'), group, keys: 'F', on: 'canvas', icon: 'fit', run: () => view.fit() },
    {
      id: 'zoom-in',
      title: t('canvas.zoomIn'),
      group,
      keys: '+',
      alsoKeys: '=',
      on: 'canvas',
      run: () => view.zoomBy(1.25)
    },
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
