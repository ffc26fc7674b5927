/** The columns of the history: how a run's value sorts and reads. */
import type { RunSummary } from '../../../src-worker/contract/lab-api.ts';
import { formatNumber, formatPercent, formatSetting } from '../../controls/format.ts';
import { duration, moment, settingValue } from '../../controls/words.ts';
import { lab } from '../../state/lab.svelte.ts';
import { judged } from '../../state/run-picture.ts';
import type { SortColumn } from '../../state/settings.svelte.ts';

export interface Column {
  id: SortColumn;
  align: 'start' | 'end';
  /** CSS grid track. */
  width: string;
  /** Left out of a table narrower than this. Units: CSS pixels. */
  from?: number;
  value(run: RunSummary): string | number | null;
  text(run: RunSummary): string;
}

const devAccuracy = ({ best }: RunSummary) => (best ? judged(best).accuracy : null);
const lastLoss = ({ last }: RunSummary) => (last ? judged(last).loss : null);
const testAccuracy = ({ test }: RunSummary) => test?.accuracy ?? null;

export const columns: readonly Column[] = [
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
  { id: 'dev', align: 'end', width: '68px', value: devAccuracy, text: (run) => formatPercent(devAccuracy(run)) },
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
    text: (run) => formatPercent(testAccuracy(run))
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

/** A sorted copy. Runs without the value come last in both directions; equal ones keep the newest first. */
export function sortRuns(runs: readonly RunSummary[], id: SortColumn, descending: boolean): RunSummary[] {
  const { value } = columns.find((column) => column.id === id) ?? columns[0]!;
  const direction = descending ? -1 : 1;
  return [...runs].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || b.id - a.id;
    const order = typeof x === 'string' || typeof y === 'string' ? String(x).localeCompare(String(y)) : x - y;
    return order * direction || b.id - a.id;
  });
}
