/** A part of the runs of tests/health, the small ones; `node tests/health/measure.ts` takes all. */
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../../src-worker/contract/json-patch.ts';
import { describeHealth } from '../../../src-worker/health/describe.ts';
import { remediesOf } from '../../../src-worker/health/remedies.ts';
import { healthRules } from '../../../src-worker/health/table.ts';
import { checkExperiment } from '../../../src-worker/graph/check-experiment.ts';
import { healthyCases } from '../../health/healthy.ts';
import { infoOf, judge, type Judged } from '../../health/judge.ts';
import { laterHealthyCases, laterPlantedCases } from '../../health/later.ts';
import { plantedCases } from '../../health/planted.ts';
import type { HealthCase } from '../../health/case.ts';

/** Points in the plane take some tenths of a second. */
const isSmall = ({ spec }: HealthCase) =>
  ['circles', 'moons', 'xor', 'gauss', 'spiral', 'plane'].includes(
    (spec as { data: { dataset: string } }).data.dataset
  );
const named = (cases: readonly HealthCase[], ...titles: string[]) =>
  titles.map((title) => cases.find((one) => one.title === title)!);

const planted = [
  ...[...plantedCases, ...laterPlantedCases].filter(isSmall),
  ...named(
    plantedCases,
    'weights from N(0, 0.01²) in a deep network: clothes, 6 of relu, SGD',
    'far too few examples: shapes, relu, 200',
    'many sigmoid layers: clothes, 6',
    'relu units that never wake: clothes, a whole layer'
  )
];
const healthy = [
  ...[...healthyCases, ...laterHealthyCases].filter(isSmall),
  ...named(healthyCases, 'clothes, relu, Adam 0.001', 'clothes, dropout', 'clothes, batch norm, SGD 0.1')
];

const judgeAll = async (cases: readonly HealthCase[]): Promise<Judged[]> => {
  const judged: Judged[] = [];
  for (const one of cases) judged.push(await judge(one));
  return judged;
};
const told = (judged: readonly Judged[]) =>
  judged
    .filter(({ isRight }) => !isRight)
    .map(({ one, findings }) => `${one.title}: ${findings.map(({ rule }) => rule).join(', ') || 'nothing'}`);

describe('runs whose health is known', { timeout: 120_000 }, () => {
  it('shows at least nine of ten planted faults within two epochs, and remedies that can be trained', async () => {
    expect(planted.length).toBeGreaterThan(30);
    const judged = await judgeAll(planted);
    expect(told(judged).length, told(judged).join('\n')).toBeLessThanOrEqual(planted.length / 10);
    const rules = new Set<string>();
    for (const { one, run, findings } of judged) {
      const datasets = [await infoOf(one)];
      for (const finding of findings) {
        rules.add(finding.rule);
        expect(describeHealth(finding)).not.toMatch(/\{\w+|undefined|NaN/);
        const remedies = remediesOf(finding, run.experiment, datasets);
        expect([one.title, finding.rule, remedies.length > 0]).toEqual([one.title, finding.rule, true]);
        for (const { patch, label } of remedies) {
          expect(checkExperiment(applyPatch(run.experiment, patch), datasets).problems).toEqual([]);
          expect(label).not.toMatch(/\{\w+/);
        }
      }
    }
    expect([...rules].sort()).toEqual(healthRules.map(({ id }) => id).sort());
  });

  it('says nothing of at least 19 of 20 that nothing is wrong with', async () => {
    expect(healthy.length).toBeGreaterThan(30);
    const judged = await judgeAll(healthy);
    expect(told(judged).length, told(judged).join('\n')).toBeLessThanOrEqual(healthy.length / 20);
  });
});
