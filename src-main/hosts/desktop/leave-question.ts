/** What is asked before a page that still trains is closed or loaded again: Electron shows no question of its own. */
const texts = {
  en: {
    message: 'A run is training. Leave anyway?',
    detail: 'Leaving ends it. What it has measured is kept, and it is marked as interrupted.',
    stay: 'Stay',
    leave: 'Leave'
  },
  ja: {
    message: '学習の途中です。終了しますか?',
    detail: '終了すると学習も止まります。ここまでの記録は「中断」として残ります。',
    stay: '続ける',
    leave: '終了する'
  }
};

/** For `dialog.showMessageBoxSync`. The safe answer is the default and the one that Esc gives. */
export function leaveQuestion(locale: string) {
  const { message, detail, stay, leave } = locale.startsWith('ja') ? texts.ja : texts.en;
  return {
    type: 'question' as const,
    message,
    detail,
    buttons: [stay, leave],
    defaultId: 0,
    cancelId: 0,
    noLink: true
  };
}

/** The position of `leave` among the buttons. */
export const LEAVE = 1;
