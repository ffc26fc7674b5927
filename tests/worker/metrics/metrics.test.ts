import { describe, expect, it } from 'vitest';
import { schemaOf } from '../../../src-worker/contract/fields.ts';
import { Judge } from '../../../src-worker/metrics/judge.ts';
import type { JudgedBatch, Subject } from '../../../src-worker/metrics/metric.ts';
import { readMetricName } from '../../../src-worker/metrics/names.ts';
import { measuredNames, refusalOf } from '../../../src-worker/metrics/requests.ts';
import { metrics } from '../../../src-worker/metrics/table.ts';

const ask = (kind: string, settings: object = {}) => schemaOf(kind, metrics[kind]!.config).parse({ kind, ...settings });
const classes = (count: number): Subject => ({ target: { kind: 'class', classes: count }, width: count, yes: 0 });
const columns = (count: number, isYesOrNo: boolean): Subject => ({
  target: { kind: 'values', columns: Array.from({ length: count }, (_, i) => i), isYesOrNo, mayMiss: isYesOrNo },
  width: count,
  yes: 0
});
const none = new Float32Array();

/** Rows of outputs beside classes. */
const batch = (outputs: number[][], labels: number[]): JudgedBatch => ({
  count: labels.length,
  outputs: Float32Array.from(outputs.flat()),
  labels: Uint8Array.from(labels),
  values: none
});
const rows = (outputs: number[][], values: number[][]): JudgedBatch => ({
  count: outputs.length,
  outputs: Float32Array.from(outputs.flat()),
  labels: new Uint8Array(outputs.length),
  values: Float32Array.from(values.flat())
});
function judged(subject: Subject, asked: ReturnType<typeof ask>[], batches: JudgedBatch[]) {
  const judge = new Judge(subject, asked);
  for (const one of batches) judge.add(one);
  return { metrics: Object.fromEntries(judge.metrics()), report: judge.report(['cat', 'dog', 'eel']) };
}

describe('metrics of classes', () => {
  // Answers 0 0 1 | 2 1 0 where 0 1 1 | 2 2 0 would be right: cat 2 of 2, dog 1 of 2, eel 1 of 2.
  const batches = [
    batch([[3, 1, 0], [2, 1, 1], [0, 5, 4]], [0, 1, 1]), // prettier-ignore
    batch([[0, 1, 2], [0, 2, 1], [1, 1, 1]], [2, 2, 0]) // prettier-ignore
  ];

  it('are read off the counts over all mini-batches, the first of equal outputs being the answer', () => {
    const { metrics: found, report } = judged(
      classes(3),
      [ask('accuracy'), ask('precision'), ask('recall'), ask('f1', { of: 1 }), ask('top-k', { k: 2 })],
      batches
    );
    expect(report!.confusion).toEqual([
      [2, 0, 0],
      [1, 1, 0],
      [0, 1, 1]
    ]);
    expect(found['accuracy']).toBeCloseTo(4 / 6, 12);
    expect(found['precision']).toBeCloseTo((2 / 3 + 1 / 2 + 1) / 3, 12);
    expect(found['recall']).toBeCloseTo((1 + 1 / 2 + 1 / 2) / 3, 12);
    expect(found['f1']).toBeCloseTo((4 / 5 + 2 / 4 + 2 / 3) / 3, 12);
    expect(found['f1:1']).toBeCloseTo(1 / 2, 12);
    // Of equals the first stands higher.
    expect(found['top-k:2']).toBe(1);
    expect(report!.items).toEqual([
      { name: 'cat', count: 2, precision: 2 / 3, recall: 1, f1: 4 / 5 },
      { name: 'dog', count: 2, precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 },
      { name: 'eel', count: 2, precision: 1, recall: 1 / 2, f1: 2 / 3 }
    ]);
  });

  it('leave a class that never occurs out of the mean, and count one that is never found as 0', () => {
    const { metrics: found, report } = judged(
      classes(3),
      [ask('precision'), ask('recall')],
      [
        batch([[1, 0, 0], [1, 0, 0]], [0, 1]) // prettier-ignore
      ]
    );
    expect(found['recall']).toBeCloseTo((1 + 0) / 2, 12);
    expect(found['precision']).toBeCloseTo((1 / 2 + 0) / 2, 12);
    expect(found['f1']).toBeCloseTo((2 / 3 + 0) / 2, 12);
    expect(report!.items[2]).toEqual({ name: 'eel', count: 0, precision: null, recall: null, f1: null });
  });

  it('weigh mistakes by class, by table, or all alike', () => {
    const error = (costs: number[]) =>
      judged(classes(3), [ask('weighted-error', { costs })], batches).metrics['weighted-error'];
    expect(error([])).toBeCloseTo(2 / 6, 12);
    expect(error([1, 10, 3])).toBeCloseTo((10 + 3) / 6, 12); // a dog missed, an eel missed
    expect(error([0, 1, 1, 20, 0, 1, 1, 5, 0])).toBeCloseTo((20 + 5) / 6, 12); // dog for cat, eel for dog
  });

  it('know two classes from a single output', () => {
    const subject: Subject = { target: { kind: 'class', classes: 2 }, width: 1, yes: 0.5 };
    const { report } = judged(subject, [], [batch([[0.9], [0.4], [0.6], [0.5]], [1, 1, 0, 0])]);
    expect(report!.confusion).toEqual([
      [1, 1],
      [1, 1]
    ]);
  });

  it('keep no table of very many classes, but every class', () => {
    const judge = new Judge(classes(65), []);
    expect(judge.report([])).toMatchObject({ confusion: null, items: { length: 65 } });
  });
});

describe('metrics of yes and no', () => {
  it('count the labels that are known, and mean F1 over the columns', () => {
    const subject = columns(2, true);
    const { metrics: found, report } = judged(
      subject,
      [ask('accuracy'), ask('weighted-error', { costs: [1, 4] })],
      [
        rows([[1, -1], [-1, 2], [3, 3]], [[1, 1], [1, NaN], [0, 1]]) // prettier-ignore
      ]
    );
    // Column 0: yes found, yes missed, false alarm. Column 1: yes missed, not known, yes found.
    expect(found['accuracy']).toBeCloseTo(2 / 5, 12);
    expect(found['f1']).toBeCloseTo((2 / 4 + 2 / 3) / 2, 12);
    expect(found['weighted-error']).toBeCloseTo((4 + 1 + 4) / 5, 12);
    expect(report!.confusion).toBeNull();
    expect(report!.items.map(({ count }) => count)).toEqual([2, 2]);
  });
});

describe('metrics of quantities', () => {
  it('are MAE, RMSE and R² over all mini-batches', () => {
    const { metrics: found, report } = judged(
      columns(2, false),
      [ask('rmse')],
      [
        rows([[1, 10], [2, 10]], [[0, 12], [2, 8]]), // prettier-ignore
        rows([[6, 10]], [[4, 10]])
      ]
    );
    expect(Object.keys(found)).toEqual(['mae', 'r2', 'rmse']);
    expect(found['mae']).toBeCloseTo((1 + 0 + 2 + 2 + 2 + 0) / 6, 12);
    expect(found['rmse']).toBeCloseTo(Math.sqrt((1 + 0 + 4 + 4 + 4 + 0) / 6), 12);
    // Column 0: 1 − 5 / 8; column 1: always the mean, 0.
    expect(found['r2']).toBeCloseTo((1 - 5 / 8 + 0) / 2, 12);
    expect(report).toBeNull();
  });

  it('do not suffer from a large mean', () => {
    const far = judged(
      columns(1, false),
      [],
      [rows([[1e6 + 1], [1e6 + 2], [1e6 + 2]], [[1e6 + 1], [1e6 + 2], [1e6 + 3]])]
    );
    expect(far.metrics['r2']).toBeCloseTo(1 - 1 / 2, 9);
  });

  it('are null, never NaN, where nothing varies or the outputs are no numbers', () => {
    const flat = judged(columns(1, false), [], [rows([[1], [2]], [[5], [5]])]);
    expect(flat.metrics).toEqual({ mae: 3.5, r2: null });
    const broken = judged(columns(1, false), [], [rows([[NaN], [2]], [[4], [5]])]);
    expect(broken.metrics).toEqual({ mae: null, r2: null });
  });
});

describe('every metric', () => {
  it.each(Object.values(metrics))('$kind has words, a direction, and nothing to say about nothing', (metric) => {
    const subject = [classes(9), columns(2, true), columns(2, false)].find(({ target }) => metric.tally.fits(target))!;
    const config = ask(metric.kind) as never;
    expect(metric.help).not.toBe('');
    expect(metric.refuses?.(subject, config) ?? null).toBeNull();
    expect(metric.value(new metric.tally(subject), config)).toBeNull();
    expect(readMetricName(`shape.${metric.kind}:7`)).toEqual({
      ...{ node: 'shape', kind: metric.kind, variant: '7', better: metric.better, unit: metric.unit }
    });
  });

  it('is refused where no output is of its sort, or its settings do not fit', () => {
    expect(refusalOf(ask('mae'), [classes(3)])!.why).toMatch(/mae judges quantities/);
    expect(refusalOf(ask('f1'), [columns(1, false)])!.remedy).toMatch(/Use mae, rmse, r2/);
    expect(refusalOf(ask('f1'), [columns(1, false), classes(3)])).toBeNull();
    expect(refusalOf(ask('f1', { of: 3 }), [classes(3)])!.why).toBe('there are 3 classes, counted from 0');
    expect(refusalOf(ask('top-k', { k: 3 }), [classes(3)])!.remedy).toBe('Give k less than 3.');
    expect(refusalOf(ask('weighted-error', { costs: [1, 2] }), [classes(3)])!.remedy).toMatch(/Give 3 .* or 9 /);
  });

  it('is named after its output where there are several', () => {
    const outputs = [
      { node: 'shape', subject: classes(3) },
      { node: 'size', subject: columns(1, false) }
    ];
    expect(measuredNames(outputs, [ask('top-k', { k: 2 })])).toEqual([
      ...['loss', 'accuracy', 'shape.loss', 'shape.accuracy', 'shape.f1', 'shape.top-k:2'],
      ...['size.loss', 'size.mae', 'size.r2']
    ]);
  });
});
