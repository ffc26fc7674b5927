/** The columns of the history: how a run's value sorts and reads. */
import type { RunSummary } from '../../../src-worker/contract/lab-api.ts';
import type { Metrics } from '../../../src-worker/contract/run.ts';
import { formatNumber, formatPercent, formatSetting } from '../../controls/format.ts';
import { duration, metricLabel, metricValue, moment, settingValue } from '../../controls/words.ts';
import { t } from '../../i18n/t.svelte.ts';
import { lab } from '../../state/lab.svelte.ts';
import { mainOf, namesIn } from '../../state/measured.ts';
import { judged } from '../../../src-worker/contract/best.ts';
import type { sortColumns, SortColumn } from '../../state/settings.svelte.ts';

export interface Column {
  id: SortColumn;
  title: string;
  hint: string;
  align: 'start' | 'end';
  /** CSS grid track. */
  width: string;
  /** Left out of a table narrower than this. Units: CSS pixels. */
  from?: number;
  value(run: RunSummary): string | number | null;
  text(run: RunSummary): string;
}

const devAccuracy = ({ best }: RunSummary) => (best ? judged(best).accuracy : null);
/** Accuracy; of a run where nothing is right or wrong, what stands for it. */
function mainText(metrics: Metrics | null): string {
  const name = mainOf(namesIn([metrics]));
  if (metrics?.accuracy != null || name === 'loss') return formatPercent(metrics?.accuracy);
  return `${metricLabel(name)} ${formatNumber(metrics?.[name], 3)}`;
}
const lastLoss = ({ last }: RunSummary) => (last ? judged(last).loss : null);
const testAccuracy = ({ test }: RunSummary) => test?.accuracy ?? null;

type FixedColumn = Omit<Column, 'title' | 'hint'> & { id: (typeof sortColumns)[number] };

const fixed: readonly FixedColumn[] = [
  { id: 'id', align: 'end', width: '40px', value: ({ id }) => id, text: ({ id }) => String(id) },
  { id: 'name', align: 'start', width: 'minmax(108px, 1.4fr)', value: ({ name }) => name, text: ({ name }) => name },
  { id: 'status', align: 'start', width: '100px', value: ({ status }) => status, text: ({ status }) => status },
  {
    id: 'dataset',
    align: 'start',
    width: 'minmax(80px, 1fr)',
    from: 1080,
    value: ({ dataset }) => dataset,
    text: ({ dataset }) => lab.datasetTitle(dataset)
  },
  {
    id: 'optimizer',
    align: 'start',
    width: '76px',
    value: ({ optimizer }) => optimizer,
    text: ({ optimizer }) => settingValue(optimizer)
  },
  {
    id: 'learningRate',
    align: 'end',
    width: '52px',
    value: ({ learningRate }) => learningRate,
    text: ({ learningRate }) => formatSetting(learningRate)
  },
  { id: 'dev', align: 'end', width: '68px', value: devAccuracy, text: ({ best }) => mainText(best && judged(best)) },
  {
    id: 'loss',
    align: 'end',
    width: '68px',
    from: 1000,
    value: lastLoss,
    text: (run) => formatNumber(lastLoss(run))
  },
  {
    id: 'test',
    align: 'end',
    width: '68px',
    from: 660,
    value: testAccuracy,
    text: ({ test }) => mainText(test)
  },
  {
    id: 'epochs',
    align: 'end',
    width: '60px',
    from: 930,
    value: ({ epochsDone }) => epochsDone,
    text: ({ epochsDone, epochs }) => `${epochsDone} / ${epochs}`
  },
  {
    id: 'seconds',
    align: 'end',
    width: '64px',
    from: 720,
    value: ({ seconds }) => seconds,
    text: ({ seconds }) => duration(seconds)
  },
  {
    id: 'startedAtMs',
    align: 'end',
    width: '60px',
    from: 780,
    value: ({ startedAtMs }) => startedAtMs,
    text: ({ startedAtMs }) => moment(startedAtMs)
  }
];

/** On the test set where it was tested, else on the dev set in the best epoch. */
const measured = ({ best, test }: RunSummary, name: string): number | null =>
  test?.[name] ?? (best && judged(best)[name]) ?? null;

const MOST_METRICS = 8;
const WIDE = 1180;

/**
 * The columns for these runs: the fixed ones, and one for every metric that any run has. Where nothing is right or wrong in any of them,
 * the columns of accuracy make room.
 */
export function columnsFor(runs: readonly RunSummary[]): Column[] {
  const names = namesIn(runs.flatMap(({ best, test }) => [test, best && judged(best)]));
  const decides = names.includes('accuracy') || names.length === 0;
  const shown = fixed.filter(({ id }) => decides || (id !== 'dev' && id !== 'test'));
  const more = names.filter((name) => name !== 'loss' && name !== 'accuracy').slice(0, MOST_METRICS);
  const metrics = more.map((name): Column => {
    const rule = { align: 'end', width: '76px', ...(decides && { from: WIDE }) } as const;
    const value = (run: RunSummary) => measured(run, name);
    const words = { title: metricLabel(name), hint: t('column.metric.hint', { metric: metricLabel(name) }) };
    return { id: `metric:${name}`, ...rule, ...words, value, text: (run) => metricValue(name, value(run)) };
  });
  const titled = shown.map((column) => ({
    ...column,
    title: t(`column.${column.id}`),
    hint: t(`column.${column.id}.hint`)
  }));
  const at = titled.findIndex(({ id }) => id === 'epochs');
  return [...titled.slice(0, at), ...metrics, ...titled.slice(at)];
}

/** A sorted copy. Runs without the value come last in both directions; equal ones keep the newest first. */
export function sortRuns(runs: readonly RunSummary[], id: SortColumn, descending: boolean): RunSummary[] {
  const name = id.startsWith('metric:') ? id.slice('metric:'.length) : null;
  const { value } = fixed.find((column) => column.id === id) ?? fixed[0]!;
  const key = name === null ? value : (run: RunSummary) => measured(run, name);
  const direction = descending ? -1 : 1;
  return [...runs].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || b.id - a.id;
    const order = typeof x === 'string' || typeof y === 'string' ? String(x).localeCompare(String(y)) : x - y;
    return order * direction || b.id - a.id;
  });
}
