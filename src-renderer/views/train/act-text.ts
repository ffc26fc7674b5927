/** In words what was done to a run while it trained. */
import { formatCount } from '../../controls/format.ts';
import { backendDetail, settingValue, settingWord } from '../../controls/words.ts';
import { t } from '../../i18n/t.svelte.ts';
import type { ActEvent } from '../../state/run-picture.ts';

export interface ActText {
  title: string;
  text: string;
}

export function actText(event: ActEvent): ActText {
  const step = formatCount(event.step);
  switch (event.type) {
    case 'change': {
      const [from, to] = [settingValue(event.from), settingValue(event.to)];
      return { title: t('log.changed'), text: t('log.changedTo', { path: settingWord(event.path), from, to, step }) };
    }
    case 'refused':
      return { title: t('log.refused'), text: event.why };
    case 'back':
      return { title: t('log.back'), text: t('log.backTo', { step, to: formatCount(event.to) }) };
    case 'reopen':
      return {
        title: t('log.reopened'),
        text: t('log.reopenedAt', { step, backend: event.backend, detail: backendDetail(event.detail) })
      };
    case 'checkpoint':
      return { title: t('log.checkpoint'), text: t('log.checkpointAt', { number: event.number, step }) };
    case 'note':
      return { title: t('log.note'), text: event.text };
    default:
      return event satisfies never;
  }
}
