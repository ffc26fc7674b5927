/** What can be done with the open run: by button, by key and from the command palette, each with what is in its way. */
import { flattenError } from '../../src-worker/contract/errors.ts';
import type { StoredCheckpoint } from '../../src-worker/contract/checkpoint.ts';
import type { IconName } from '../controls/icons.ts';
import { t, type MessageKey } from '../i18n/t.svelte.ts';
import type { Action } from './actions.svelte.ts';
import { draft } from './draft.svelte.ts';
import { lab } from './lab.svelte.ts';
import { LiveRun } from './live-run.svelte.ts';
import { notices } from './notices.svelte.ts';
import { openRun } from './open-run.svelte.ts';
import { runDialog } from './run-dialog.svelte.ts';
import type { RunView } from './run-view.svelte.ts';
import { runs } from './runs.svelte.ts';

export interface RunControl extends Action {
  keys: string;
  icon: IconName;
  /** Why it does nothing at present; pressed all the same, it says so. */
  obstacle: string | null;
}

type Wish = Pick<RunControl, 'id' | 'keys' | 'icon' | 'run'> & { title: MessageKey; obstacle?: string | null };

/** Of the open run, in the order of the buttons; of one that does not train here only what can be done with its record. */
export function runControls(): RunControl[] {
  const { view, live } = openRun;
  if (!view) return [];
  const all = live ? [...steering(live), ...recording(view)] : [takingUp(view), ...recording(view)];
  return all.map(({ obstacle = null, title, run, ...rest }) => ({
    ...rest,
    title: t(title),
    group: 'palette.run',
    obstacle,
    run: () => (obstacle === null ? run() : tell(obstacle))
  }));
}

function steering(live: LiveRun): Wish[] {
  const { picture } = live.now;
  const isPaused = picture.status === 'paused';
  const waiting = live.held ? t('train.heldWhy') : live.phase === 'training' ? null : t('control.starting');
  return [
    {
      id: 'pause',
      title: isPaused ? 'action.resume' : 'action.pause',
      keys: 'Space',
      icon: isPaused ? 'play' : 'pause',
      run: () => (isPaused ? live.resume() : live.pause())
    },
    { id: 'step', title: 'action.step', keys: 'B', icon: 'step', obstacle: waiting, run: () => live.step() },
    {
      id: 'until',
      title: 'action.until',
      keys: 'E',
      icon: 'skip',
      obstacle: waiting,
      run: () => live.until((live.picture.epochs.at(-1)?.epoch ?? 0) + 1)
    },
    { id: 'stop', title: 'action.stop', keys: 'S', icon: 'stop', run: () => live.stop() },
    {
      id: 'checkpoint',
      title: 'action.checkpoint',
      keys: 'C',
      icon: 'flag',
      obstacle: live.phase === 'training' ? null : t('control.starting'),
      run: () => live.checkpoint()
    }
  ];
}

const recording = (view: RunView): Wish[] => [
  {
    id: 'checkpoints',
    title: 'action.checkpoints',
    keys: 'K',
    icon: 'undo',
    run: () => (runDialog.open = 'checkpoints')
  },
  { id: 'note', title: 'action.note', keys: 'M', icon: 'note', run: () => (runDialog.open = 'note') },
  {
    id: 'fork',
    title: 'action.fork',
    keys: 'F',
    icon: 'fork',
    obstacle: lab.connected ? null : t('frame.offline'),
    run: () => view === openRun.view && runDialog.fork()
  }
];

const takingUp = (view: RunView): Wish => ({
  id: 'take-up',
  title: 'action.takeUp',
  keys: 'G',
  icon: 'play',
  obstacle: obstacleToResume(view),
  run: () => resume(view)
});

function obstacleToResume(view: RunView): string | null {
  if (!lab.connected) return t('frame.offline');
  const { status } = view.now.picture;
  if (status === 'completed') return t('control.completed');
  return status === 'diverged' ? t('control.diverged') : null;
}

/** The run goes on from its last checkpoint. One that still looks as if it ran may have lost its page: the host knows, and says so. */
async function resume(view: RunView): Promise<void> {
  await attempt('control.notResumed', async () => {
    if (view instanceof LiveRun && !view.refused) await view.stored();
    await runs.resume(view.id, draft.threadsValid ? Number(draft.threads) : 0);
  });
}

export const goBack = (run: LiveRun, checkpoint: StoredCheckpoint): Promise<void> =>
  attempt('control.notBack', () => run.goBack(checkpoint));

/** Pins words to the step at which the run is, whether it still trains or not. */
export const addNote = (view: RunView, text: string): Promise<void> =>
  attempt('control.notNoted', async () => {
    const { step } = view.picture;
    await lab.api.addNote(view.id, step, text);
    view.fold([{ type: 'note', step, text: text.trim() }]);
  });

/** Tells what went wrong. */
export async function attempt(title: MessageKey, work: () => Promise<unknown>): Promise<void> {
  notices.takeBack('control');
  try {
    await work();
  } catch (error) {
    const { message: text, details } = flattenError(error);
    notices.add({ kind: 'bad', title: t(title), text, details, about: 'control' });
  }
}

function tell(text: string): void {
  notices.takeBack('control');
  notices.add({ kind: 'bad', title: t('control.cannot'), text, about: 'control' });
}
