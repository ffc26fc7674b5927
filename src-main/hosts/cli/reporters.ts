/** Ways to tell a run's events as they come: JSON lines for programs, a live bar on a terminal, one line per epoch elsewhere. */
import { stripVTControlCharacters, styleText } from 'node:util';
import type {
  BackendEvent,
  EndEvent,
  EpochEvent,
  Metrics,
  RunEvent,
  StartEvent,
  StepsEvent
} from '../../../src-worker/contract/run.ts';
import { describeDivergence, describeMetrics, describeReport, formatMetric, namesIn } from './metrics.ts';
import { formatCount, formatDuration, formatNumber, formatShare, print, printJson, visible } from './terminal.ts';

export type Reporter = (event: RunEvent) => void;
export interface Reported {
  id: number;
  name: string;
  dataset: string;
  seed: number;
}

/** For programs, for a terminal, or for logs. */
export const reporterOf = (json: boolean | undefined) =>
  json ? jsonReporter : process.stdout.isTTY ? barReporter : lineReporter;

/** The same in brief, for many runs in a row: no single epochs, no classes. */
export const inBrief =
  (reporterFor: (reported: Reported) => Reporter) =>
  (reported: Reported): Reporter => {
    const report = reporterFor(reported);
    return (event) => {
      if (event.type === 'epoch') return;
      report(event.type === 'end' ? { ...event, reports: [] } : event);
    };
  };

/** Full precision, one object a line. */
export function jsonReporter({ id: run, name, dataset, seed }: Reported): Reporter {
  return (event) => {
    if (event.type === 'start') {
      const { type, ...start } = event;
      printJson({ type, run, name, dataset, seed, ...start });
    } else if (event.type === 'epoch') {
      const { type, epoch, train, dev, seconds } = event;
      printJson({ type, epoch, train, dev, seconds });
    } else if (event.type === 'end') {
      const { type, status, test, seconds, best, reports, diverged, error } = event;
      const more = { ...(best && { best }), ...(reports && { reports }), ...(diverged && { diverged }) };
      printJson({ type, run, status, test, seconds, ...more, ...(error && { error }) });
    } else if (event.type === 'reopen') printJson({ run, name, dataset, seed, ...event });
    else if (event.type !== 'steps') printJson(event);
  };
}

/** For logs and pipes. */
export function lineReporter(reported: Reported): Reporter {
  let epochs = 0;
  return (event) => {
    if (event.type === 'start') {
      epochs = event.epochs;
      print(describeStart(reported, event));
    } else if (event.type === 'epoch') print(describeEpoch(event, epochs));
    else if (event.type === 'end') print(describeEnd(reported.id, event));
    else printAll(describeAct(reported.id, event), print);
  };
}

const REDRAW_MS = 100;

/** The bar is one line, redrawn in place; finished epochs stay above it. */
export function barReporter(reported: Reported, terminal: NodeJS.WriteStream = process.stdout): Reporter {
  let start: StartEvent | null = null;
  let drawnMs = -Infinity;
  const draw = (line: string) => terminal.write(`\r${line}\u001b[K`);
  const keep = (line: string) => terminal.write(`\r${visible(line)}\u001b[K\n`);
  return (event) => {
    if (event.type === 'start') {
      start = event;
      keep(describeStart(reported, event));
    } else if (event.type === 'epoch') keep(describeEpoch(event, start?.epochs ?? event.epoch));
    else if (event.type === 'end') keep(describeEnd(reported.id, event));
    else if (event.type !== 'steps') printAll(describeAct(reported.id, event), keep);
    else if (start && performance.now() - drawnMs >= REDRAW_MS) {
      drawnMs = performance.now();
      draw(describeProgress(start, event, terminal.columns - 1));
    }
  };
}

const BAR_WIDTH = 20;

/** One line of at most `columns` characters. */
export function describeProgress(
  start: StartEvent,
  { from, loss, accuracy, seconds }: StepsEvent,
  columns: number
): string {
  const step = from + loss.length - 1;
  const batch: Metrics = { loss: mean(loss), accuracy: mean(accuracy) };
  const share = Math.min(1, step / (start.epochs * start.stepsPerEpoch));
  const filled = Math.round(share * BAR_WIDTH);
  const bar = styleText('cyan', '━'.repeat(filled)) + styleText('dim', '─'.repeat(BAR_WIDTH - filled));
  const imagesPerSecond = (step * start.counts.train) / start.stepsPerEpoch / Math.max(seconds, 1e-9);
  const epoch = Math.min(start.epochs, Math.ceil(step / start.stepsPerEpoch));
  const parts = [
    `epoch ${epoch}/${start.epochs} ${bar} ${String(Math.floor(share * 100)).padStart(3)} %`,
    `loss ${formatNumber(batch.loss)}`,
    ...(batch.accuracy === null ? [] : [`accuracy ${formatShare(batch.accuracy)}`]),
    `${formatCount(imagesPerSecond)} images/s`,
    `ETA ${formatDuration((seconds * (1 - share)) / Math.max(share, 1e-9))}`
  ];
  // What a narrow terminal does without, in this order: images/s, accuracy, loss.
  while (parts.length > 2 && visibleLength(parts.join(GAP)) > columns) parts.splice(-2, 1);
  return parts.join(GAP);
}

const GAP = '  ';
const visibleLength = (text: string) => stripVTControlCharacters(text).length;

function describeStart(
  { id, name, dataset }: Reported,
  { backend, detail, parameters, counts, why }: StartEvent
): string {
  const images = `${formatCount(counts.train)} to train, ${formatCount(counts.dev)} dev, ${formatCount(counts.test)} test`;
  return `Run ${id}: ${name} on ${dataset} (${images}), ${formatCount(parameters)} parameters\nBackend ${backend} (${detail}): ${why}`;
}

function describeEpoch({ epoch, train, dev, seconds }: EpochEvent, epochs: number): string {
  const count = String(epoch).padStart(String(epochs).length);
  return [
    `epoch ${count}/${epochs}`,
    `train ${inColumns(train)}`,
    ...(dev ? [`dev ${inColumns(dev)}`] : []),
    `${seconds.toFixed(1)} s`
  ].join(GAP);
}

/** As wide in every epoch. */
const inColumns = (metrics: Metrics): string =>
  namesIn([metrics])
    .map((name) => {
      const text = formatMetric(name, metrics[name]);
      return `${name} ${text.endsWith('%') ? text.padStart(8) : text.padEnd(6)}`;
    })
    .join(' ');

const printAll = (line: string | null, to: (line: string) => void): void => {
  if (line !== null) to(line);
};

/** What happened between two steps; null where that is nothing to tell. */
export function describeAct(id: number, event: RunEvent): string | null {
  switch (event.type) {
    case 'backend':
      return describeMove(event);
    case 'change':
      return `Step ${formatCount(event.step)}: ${event.path} ${JSON.stringify(event.from)} → ${JSON.stringify(event.to)}`;
    case 'refused':
      return `Step ${formatCount(event.step)}: refused. ${event.why}`;
    case 'back':
      return `Step ${formatCount(event.step)}: back to step ${formatCount(event.to)} (checkpoint ${event.checkpoint})`;
    case 'reopen':
      return `Run ${id} goes on behind step ${formatCount(event.step)} on ${event.backend} (${event.detail})`;
    case 'checkpoint':
      return `Step ${formatCount(event.step)}: checkpoint ${event.number}`;
    case 'note':
      return `Step ${formatCount(event.step)}: ${event.text}`;
    default:
      return null;
  }
}

const describeMove = ({ step, backend, detail, why }: BackendEvent): string =>
  `Step ${formatCount(step)}: moved to ${backend} (${detail}). ${why}.`;

function describeEnd(id: number, { status, test, seconds, reports = [], diverged, error }: EndEvent): string {
  const measured = test ? ` Test ${describeMetrics(test)}.` : '';
  const reason = error ? ` ${error.message}` : diverged ? ` ${describeDivergence(diverged)}` : '';
  const line = `Run ${id} ${status} after ${seconds.toFixed(1)} s.${measured}${reason}`;
  return [line, ...reports.map((report) => describeReport(report, reports.length > 1))].join('\n');
}

function mean(values: readonly (number | null)[]): number | null {
  const finite = values.filter((value) => value !== null);
  return finite.length === 0 ? null : finite.reduce((sum, value) => sum + value, 0) / finite.length;
}
