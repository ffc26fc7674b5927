/** Does to a run what a person, `--at` or the record has asked for. */
import type { Act } from '../contract/agenda.ts';
import { LabError } from '../contract/errors.ts';
import { liveSettingOf } from '../graph/live-settings.ts';
import type { Entry } from './agenda.ts';
import type { Loop } from './loop.ts';
import { fromBytes, type RunState } from './run-state.ts';

/** Does everything that is due between two steps; true when the session is somewhere else afterwards. */
export async function keepAppointments(loop: Loop): Promise<boolean> {
  const { session, agenda, controls, clock, keepsakes } = loop;
  let hasMoved = false;
  for (;;) {
    await keepsakes.passBy(session.place, () => session.snapshot(clock.seconds(), agenda.planned));
    for (const entry of controls.asked()) agenda.add(entry, session.place);
    const waits = (act: Act) => act.kind === 'change' && liveSettingOf(session.experiment, act.path)?.from === 'epoch';
    const entry = agenda.take(session.place, waits);
    if (!entry) return hasMoved;
    hasMoved = (await perform(loop, entry)) || hasMoved;
  }
}

/** True when the session is somewhere else afterwards. What cannot be done is told, and the run goes on as before. */
async function perform(loop: Loop, { act, state, recorded }: Entry): Promise<boolean> {
  const { session, controls, host, checkpointer } = loop;
  const { step } = session.place;
  switch (act.kind) {
    case 'change': {
      const changed = await session.change(act);
      if ('why' in changed) host.emit({ type: 'refused', step, act, why: changed.why });
      else if (!recorded) host.emit({ type: 'change', step: step + 1, path: act.path, ...changed });
      return true; // another batch size cuts the epoch otherwise
    }
    case 'back':
      return goBack(loop, act, state);
    case 'checkpoint': {
      const number = (await checkpointer?.take('hand')) ?? null;
      if (number !== null) host.emit({ type: 'checkpoint', step, number });
      return false;
    }
    case 'pause':
    case 'stop':
      controls.want(act.kind);
      return false;
    default:
      return act satisfies never;
  }
}

type BackAct = Act & { kind: 'back' };

/** To a state of this run: one that came along, or one that was kept on the way. */
async function goBack(loop: Loop, act: BackAct, bytes: Uint8Array | undefined): Promise<boolean> {
  const { session, host, checkpointer } = loop;
  const { step, line } = session.place;
  try {
    await session.restore(stateFor(loop, act, bytes));
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    host.emit({ type: 'refused', step, act, why: error.message });
    return false;
  }
  const { place, changes } = session;
  place.line = line + 1;
  loop.dev = null;
  checkpointer?.recall();
  const to = { to: place.step, epoch: place.epoch - 1, line: act.line, checkpoint: act.checkpoint };
  host.emit({ type: 'back', step, ...to, changes: [...changes] });
  await checkpointer?.take('back');
  return true;
}

/** Throws: `bad_checkpoint`. */
function stateFor({ keepsakes }: Loop, { to, line }: BackAct, bytes: Uint8Array | undefined): RunState {
  const state = bytes ? fromBytes(bytes) : keepsakes.find(line, to);
  if (state) return state;
  throw new LabError('bad_checkpoint', `There is no state after ${to} steps to go back to.`, { step: to, line });
}
