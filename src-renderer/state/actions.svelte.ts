/** Everything a person can do, once: the command palette lists it, keys call it, buttons share it. */
import { compareLink, trainLink } from '../charts/chart-link.svelte.ts';
import type { IconName } from '../controls/icons.ts';
import { titleOf } from '../controls/words.ts';
import { languages, t, tMaybe, type MessageKey } from '../i18n/t.svelte.ts';
import { draftActions } from './draft-actions.svelte.ts';
import { draft } from './draft.svelte.ts';
import { lab } from './lab.svelte.ts';
import { openRun } from './open-run.svelte.ts';
import { runControls } from './run-controls.svelte.ts';
import { runs } from './runs.svelte.ts';
import { places, settings, themes, xAxes, type Place } from './settings.svelte.ts';
import { takeDataset } from './take-dataset.ts';
import { startRun } from './start-run.svelte.ts';

export interface Action {
  id: string;
  title: string;
  group: MessageKey;
  /** As a person types it: `1`, `Ctrl K`, `Space`. */
  keys?: string;
  /** Another way to type it. */
  alsoKeys?: string;
  icon?: IconName;
  /** Its keys count only while the canvas, or nothing, has the focus. */
  on?: 'canvas';
  /** Its keys are the browser's own; what they bring is heard as an event of its own. */
  native?: true;
  run: () => unknown;
}

const RECENT_RUNS = 8;
/** What is done with the open run from any place; the rest belongs beside its curves. */
const EVERYWHERE = ['pause', 'stop'];

/** What only one place offers; it says so when it is loaded. */
export const offers: Partial<Record<Place, () => Action[]>> = {};

/** What can be done now, in the order of the palette. */
export function actions(): Action[] {
  return [
    ...(offers[settings.place]?.() ?? []),
    ...runActions(),
    ...draftActions(),
    ...placeActions(),
    ...setupActions(),
    ...chartActions(),
    ...openActions(),
    ...pageActions()
  ];
}

function runActions(): Action[] {
  const group = 'palette.run';
  return [
    {
      id: 'start',
      title: t('action.start'),
      group,
      keys: 'Ctrl Enter',
      icon: 'play',
      run: () => startRun.startOrTell()
    },
    ...runControls().filter(({ id }) => settings.place === 'train' || EVERYWHERE.includes(id)),
    { id: 'new', title: t('action.new'), group, keys: 'N', icon: 'plus', run: () => newRun() }
  ];
}

/** With the settings of the run that is open; the draft so far stays among the drafts. */
function newRun(): void {
  settings.place = 'train';
  if (openRun.canTake) openRun.take();
  openRun.close();
}

const placeActions = (): Action[] =>
  places.map((place, index) => ({
    id: `place-${place}`,
    title: t('action.goTo', { place: t(`place.${place}`) }),
    group: 'palette.go',
    keys: String(index + 1),
    icon: place,
    run: () => (settings.place = place)
  }));

function setupActions(): Action[] {
  const group = 'palette.setup';
  const presets = lab.presets.map((preset) => ({
    id: `preset-${preset.name}`,
    title: t('action.preset', { name: tMaybe(`preset.${preset.name}`, preset.name) }),
    group,
    run: () => {
      if (settings.place !== 'build') settings.place = 'train';
      openRun.close();
      draft.takePreset(preset);
    }
  })) satisfies Action[];
  const datasets = lab.datasets.map((info) => ({
    id: `dataset-${info.name}`,
    title: t('action.dataset', { name: titleOf(info) }),
    group,
    run: () => {
      if (settings.place !== 'build') settings.place = 'train';
      takeDataset(info.name);
    }
  })) satisfies Action[];
  const revert: Action[] =
    draft.changes.length > 0
      ? [{ id: 'revert', title: t('setup.revert'), group, icon: 'undo', run: () => draft.revert() }]
      : [];
  return [...revert, ...presets, ...datasets];
}

function chartActions(): Action[] {
  const group = 'palette.chart';
  const { chart } = settings;
  return [
    { id: 'log-y', title: t('action.logY'), group, keys: 'L', run: () => (chart.logY = !chart.logY) },
    { id: 'raw', title: t('action.raw'), group, keys: 'R', run: () => (chart.raw = !chart.raw) },
    ...xAxes.map(
      (x) =>
        ({
          id: `x-${x}`,
          title: t('action.xBy', { unit: t(`x.${x}`) }),
          group,
          run: () => setXAxis(x)
        }) satisfies Action
    ),
    {
      id: 'zoom-out',
      title: t('action.showAll'),
      group,
      keys: 'Z',
      run: () => {
        trainLink.reset();
        compareLink.reset();
      }
    }
  ];
}

/** A part that was enlarged is measured in the old unit: everything is shown again. */
export function setXAxis(x: (typeof xAxes)[number]): void {
  settings.chart.x = x;
  trainLink.reset();
  compareLink.reset();
}

const openActions = (): Action[] =>
  runs.history.slice(0, RECENT_RUNS).map(({ id, name }) => ({
    id: `open-${id}`,
    title: t('action.open', { id, name }),
    group: 'palette.open',
    run: () => openRun.open(id)
  }));

function pageActions(): Action[] {
  const group = 'palette.page';
  return [
    ...themes.map(
      (theme) =>
        ({
          id: `theme-${theme}`,
          title: t(`theme.${theme}`),
          group,
          run: () => (settings.theme = theme)
        }) satisfies Action
    ),
    ...languages.map(
      (language) =>
        ({
          id: `language-${language}`,
          title: t(`language.${language}`),
          group,
          icon: 'globe',
          run: () => (settings.language = language)
        }) satisfies Action
    )
  ];
}
