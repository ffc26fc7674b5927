/** What stands in anyone's way, by axe; the pages' tests expect nothing. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Serious faults by rule and place, so that a failure reads at once; `within` a part of the page, else on all of it. */
export async function faults(page: Page, within = 'html'): Promise<string[]> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).include(within).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`)
    );
}

/** What fades in has no contrast yet. What turns for ever is not waited for. */
const settled = (page: Page) =>
  page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const ends = ({ effect }: Animation) => effect?.getComputedTiming().endTime !== Infinity;
    await frame(); // in which an animation begins
    do await frame();
    while (document.getAnimations().some((one) => one.playState === 'running' && ends(one)));
  });
