/** What was done to a run, as flags on the time axis of its curves. */
import type { Flag } from '../../charts/curve.ts';
import type { IconName } from '../../controls/icons.ts';
import { formatCount } from '../../controls/format.ts';
import { settingValue, settingWord } from '../../controls/words.ts';
import { t } from '../../i18n/t.svelte.ts';
import type { ActEvent, LogEntry, RunPicture } from '../../state/run-picture.ts';
import { actText } from './act-text.ts';
import { branchScaleOf, xScaleOf, type XUnit } from './train-curves.ts';

interface Happening {
  step: number;
  /** Training time at that moment. */
  seconds: number;
  label: string;
  text: string;
  icon: IconName;
  /** How often the run had gone back before. */
  line: number;
}

/** Those on a branch that was left stand where they stood, and are faint. */
export function trainFlags(picture: RunPicture, unit: XUnit): Flag[] {
  const happenings: Happening[] = [];
  let line = 0;
  for (const entry of picture.log) {
    if (entry.type === 'act' && entry.event.type === 'back') line += 1;
    const found = happeningOf(entry);
    if (found) happenings.push({ ...found, seconds: entry.seconds, line });
  }
  const scale = xScaleOf(picture, unit);
  const branches = picture.branches.map((branch) => branchScaleOf(branch, unit));
  return happenings.map(({ step, seconds, line: own, label, text, icon }) => {
    const left = picture.branches.findIndex(({ from }, index) => index >= own && step > from);
    const x = unit === 'time' ? seconds : (branches[left] ?? scale).at(step);
    return { x, label, text, icon, isLeft: left >= 0 };
  });
}

function happeningOf(entry: LogEntry): Omit<Happening, 'line' | 'seconds'> | null {
  if (entry.type === 'pause') {
    const text = `${t('log.paused')}: ${t('log.atStep', { step: formatCount(entry.step) })}`;
    return { step: entry.step, label: t('chart.paused'), text, icon: 'pause' };
  }
  if (entry.type !== 'act') return null;
  const { title, text } = actText(entry.event);
  const mark = markOf(entry.event);
  return mark && { ...mark, text: `${title}: ${text}` };
}

function markOf(event: ActEvent): Pick<Happening, 'step' | 'label' | 'icon'> | null {
  switch (event.type) {
    case 'change':
      // Behind the last step that was trained with the value before.
      return {
        step: event.step - 1,
        label: `${settingWord(event.path)} → ${settingValue(event.to)}`,
        icon: 'settings'
      };
    case 'back':
      return { step: event.to, label: t('chart.back'), icon: 'undo' };
    case 'reopen':
      return { step: event.step, label: t('chart.reopened'), icon: 'play' };
    case 'checkpoint':
      return { step: event.step, label: t('chart.checkpoint', { number: event.number }), icon: 'flag' };
    case 'note':
      return { step: event.step, label: event.text, icon: 'note' };
    case 'refused':
      return null;
    default:
      return event satisfies never;
  }
}
