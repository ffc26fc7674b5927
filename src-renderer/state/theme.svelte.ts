/** Light or dark on the document: the person's choice, else the system's. */
import { settings } from './settings.svelte.ts';

class ThemeState {
  private readonly system = matchMedia('(prefers-color-scheme: dark)');
  private systemDark = $state(false);
  isDark = $derived(settings.theme === 'dark' || (settings.theme === 'system' && this.systemDark));

  /** Follows system and setting from here on. */
  follow(): void {
    this.systemDark = this.system.matches;
    this.system.addEventListener('change', ({ matches }) => (this.systemDark = matches));
    $effect.root(() => {
      $effect.pre(() => {
        document.documentElement.dataset['theme'] = this.isDark ? 'dark' : 'light';
      });
    });
  }
}

export const theme = new ThemeState();
