/**
 * How well the rules of health find planted faults, and how often they cry wolf: all runs of this folder, and what the first remedy of
 * each finding does. `--write` puts the figures into docs/health.md. Takes some minutes.
 *
 *   node tests/health/measure.ts [--write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { HealthCase } from './case.ts';
import { healthyCases } from './healthy.ts';
import { isHealed, judge, type Judged } from './judge.ts';
import { laterHealthyCases, laterPlantedCases } from './later.ts';
import { plantedCases } from './planted.ts';

const FILE = join(import.meta.dirname, '../../docs/health.md');
const [BEGIN, END] = ['<!-- figures -->', '<!-- end of figures -->'];

const every = <T>(list: readonly T[], second: 0 | 1) => list.filter((_, index) => index % 2 === second);
const groups: readonly (readonly [name: string, planted: readonly HealthCase[], healthy: readonly HealthCase[]])[] = [
  ['looked at for the thresholds', every(plantedCases, 0), every(healthyCases, 0)],
  ['kept back', every(plantedCases, 1), every(healthyCases, 1)],
  ['written later', laterPlantedCases, laterHealthyCases]
];

async function judgeAll(cases: readonly HealthCase[]): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const one of cases) {
    const result = await judge(one);
    const found = result.findings.map(({ rule, node }) => (node === null ? rule : `${rule} (${node})`));
    process.stdout.write(`${result.isRight ? 'ok   ' : 'WRONG'} ${one.title}: ${found.join(', ') || 'nothing'}\n`);
    judged.push(result);
  }
  return judged;
}

const rightOf = (judged: readonly Judged[]) => judged.filter(({ isRight }) => isRight).length;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const table = (rows: readonly (readonly (string | number)[])[]): string => {
  const [head, ...body] = rows.map((row) => `| ${row.join(' | ')} |`);
  return [head, `| ${rows[0]!.map((_, i) => (i === 0 ? '---' : '---:')).join(' | ')} |`, ...body].join('\n');
};

const [allPlanted, allHealthy]: [Judged[], Judged[]] = [[], []];
const byGroup: (string | number)[][] = [];
for (const [name, planted, healthy] of groups) {
  const [faults, well] = [await judgeAll(planted), await judgeAll(healthy)];
  allPlanted.push(...faults);
  allHealthy.push(...well);
  const wrong = well.length - rightOf(well);
  byGroup.push([name, `${rightOf(faults)} of ${faults.length}`, `${wrong} of ${well.length}`]);
}
const wrong = allHealthy.length - rightOf(allHealthy);
const whole = [
  'all',
  `${rightOf(allPlanted)} of ${allPlanted.length} (${percent(rightOf(allPlanted) / allPlanted.length)})`,
  `${wrong} of ${allHealthy.length} (${percent(wrong / allHealthy.length)})`
];

const faults = [...new Set(allPlanted.map(({ one }) => one.fault!))];
const byFault: (string | number)[][] = [];
for (const fault of faults) {
  const cases = allPlanted.filter(({ one }) => one.fault === fault);
  const healed: (boolean | null)[] = [];
  for (const one of cases) healed.push(await isHealed(one));
  const tried = healed.filter((answer) => answer !== null);
  const rules = new Map<string, number>();
  for (const { findings } of cases)
    for (const rule of new Set(findings.map((finding) => finding.rule))) rules.set(rule, (rules.get(rule) ?? 0) + 1);
  const often = [...rules].sort(([, a], [, b]) => b - a).map(([rule, count]) => `${rule} ${count}`);
  const remedy = tried.length === 0 ? 'not tried' : `${tried.filter(Boolean).length} of ${tried.length}`;
  byFault.push([fault, `${rightOf(cases)} of ${cases.length}`, remedy, often.slice(0, 4).join(', ')]);
  process.stdout.write(`${fault}: healed ${remedy}\n`);
}

const lines = (judged: readonly Judged[]) =>
  judged
    .filter(({ isRight }) => !isRight)
    .map(({ one, findings }) => `- ${one.title}: ${findings.map(({ rule }) => `\`${rule}\``).join(', ') || 'nothing'}`);
const figures = [
  table([['cases', 'faults found within two epochs', 'healthy runs with a finding'], ...byGroup, whole]),
  'Healthy runs with a finding:',
  lines(allHealthy).join('\n') || 'none.',
  'Faults that were not found in time:',
  lines(allPlanted).join('\n') || 'none.',
  table([['fault', 'found', 'gone with the first remedy', 'rules that spoke, in how many runs'], ...byFault])
].join('\n\n');

process.stdout.write(`\n${figures}\n`);
if (process.argv.includes('--write')) {
  const text = readFileSync(FILE, 'utf8');
  const [before, after] = [text.slice(0, text.indexOf(BEGIN) + BEGIN.length), text.slice(text.indexOf(END))];
  const options = { ...(await resolveConfig(FILE)), parser: 'markdown' };
  writeFileSync(FILE, await format(`${before}\n\n${figures}\n\n${after}`, options));
}
