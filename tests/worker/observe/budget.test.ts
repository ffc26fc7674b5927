import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src-worker/data/random.ts';
import { Budget } from '../../../src-worker/observe/budget.ts';

/** Trains for `totalMs` in chunks of 25 ms and looks whenever it may; every look costs what `costMs` says. */
function train(budget: Budget, totalMs: number, costMs: () => number) {
  const looks: number[] = [];
  let nowMs = 0;
  while (nowMs < totalMs) {
    if (budget.allows(nowMs)) {
      const ms = costMs();
      nowMs += ms;
      budget.looked(nowMs, ms);
      looks.push(nowMs);
    }
    nowMs += 25;
  }
  return { looks, share: budget.spentMs / nowMs };
}

describe('a budget of time', () => {
  it.each([1, 10, 40, 200, 900])(
    'keeps looks that cost %d ms below their share of the time, and what is granted',
    (ms) => {
      const budget = new Budget();
      budget.prepared(30);
      const { looks, share } = train(budget, 60_000, () => ms);
      expect(looks.length).toBeGreaterThan(1);
      expect(share).toBeLessThanOrEqual(0.04 + 50 / 60_000);
    }
  );

  it('does so for looks whose cost varies', () => {
    const random = randomStream(1, 'search');
    const budget = new Budget({ grantMs: 0 });
    const { looks, share } = train(budget, 120_000, () => 10 + 90 * random.uniform());
    expect(looks.length).toBeGreaterThan(50);
    expect(share).toBeLessThan(0.042);
  });

  it('is used where looks are dear: nearly all of it', () => {
    expect(train(new Budget(), 60_000, () => 40).share).toBeGreaterThan(0.036);
  });

  it('lets looks that cost nothing be apart all the same, and the farther the longer the run', () => {
    const { looks } = train(new Budget(), 3_600_000, () => 0.1);
    const gaps = looks.slice(1).map((at, i) => at - looks[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
    expect(gaps.at(-1)).toBeGreaterThan(30_000);
    expect(looks.length).toBeLessThan(800);
  });

  it('lets a look be made that is waited for, as long as there is time', () => {
    const budget = new Budget();
    expect(budget.allows(0, true)).toBe(true);
    budget.looked(20, 20);
    expect(budget.allows(30)).toBe(false);
    expect(budget.allows(30, true)).toBe(true);
    budget.looked(50, 20);
    expect(budget.allows(60, true)).toBe(false); // 40 + 20 are more than 50 + 2.4
    expect(budget.allows(240, true)).toBe(false);
    expect(budget.allows(250, true)).toBe(true);
  });
});
