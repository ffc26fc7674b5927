/** Columns put in place and taken out, rows of tables gathered and scattered, with what they must give. */
import type { Shape } from '../../../src-worker/plan/program.ts';
import { sizeOf } from '../../../src-worker/plan/program.ts';
import { Bench, type OpCase } from './op-bench.ts';

export const columnCases = (): OpCase[] => [
  ...columns.flatMap((one) => [placeCase(one), sliceCase(one, false), sliceCase(one, true)]),
  ...tables.flatMap((one) => [gatherCase(one), scatterCase(one, false), scatterCase(one, true)])
];

/** `narrow` columns at `at` of `wide`, in rows of all the other axes. */
const columns: readonly { batch: number; rows: Shape; narrow: number; wide: number; at: number }[] = [
  { batch: 1, rows: [], narrow: 1, wide: 1, at: 0 },
  { batch: 3, rows: [], narrow: 5, wide: 9, at: 4 },
  { batch: 2, rows: [2, 3], narrow: 8, wide: 11, at: 1 },
  { batch: 4, rows: [3], narrow: 3, wide: 3, at: 0 }
];

type Columns = (typeof columns)[number];
const about = ({ batch, rows, narrow, wide, at }: Columns) =>
  `${[batch, ...rows].join('×')} rows of ${narrow} at ${at} of ${wide}`;

function placeCase(one: Columns): OpCase {
  const { batch, rows, narrow, wide, at } = one;
  const bench = new Bench(`place ${about(one)}`, batch);
  const x = bench.input('x', [...rows, narrow], true);
  const values = bench.inputs.get(x)!;
  const before = Float32Array.from({ length: batch * sizeOf(rows) * wide }, (_, i) => Math.sin(i));
  const y = bench.output('y', [...rows, wide], true, (i) => {
    const [row, column] = [Math.floor(i / wide), (i % wide) - at];
    return column >= 0 && column < narrow ? values[row * narrow + column]! : before[i]!;
  });
  bench.inputs.set(y, before);
  return bench.finish([{ op: 'place', x, y, at }], 1e-7);
}

function sliceCase(one: Columns, add: boolean): OpCase {
  const { batch, rows, narrow, wide, at } = one;
  const bench = new Bench(`slice ${about(one)}${add ? ', added' : ''}`, batch);
  const x = bench.input('x', [...rows, wide], true);
  const values = bench.inputs.get(x)!;
  const before = Float32Array.from({ length: batch * sizeOf(rows) * narrow }, (_, i) => Math.sin(i));
  const y = bench.output(
    'y',
    [...rows, narrow],
    true,
    (i) => values[Math.floor(i / narrow) * wide + at + (i % narrow)]! + (add ? before[i]! : 0)
  );
  if (add) bench.inputs.set(y, before);
  return bench.finish([{ op: 'slice', x, y, at, add }], 1e-7);
}

const tables: readonly { batch: number; count: number; entries: number; width: number }[] = [
  { batch: 1, count: 1, entries: 1, width: 1 },
  { batch: 3, count: 4, entries: 5, width: 6 },
  { batch: 5, count: 1, entries: 40, width: 9 }
];
type Table = (typeof tables)[number];

/** Whole numbers, some a little off, some outside of the table. */
function idsOf(bench: Bench, { count, entries }: Table) {
  const ids = bench.input('ids', [count], true, (u, i) => Math.floor(u * (entries + 4)) - 2 + (i % 3) * 0.2);
  const rowAt = (t: number) => Math.max(0, Math.min(entries - 1, Math.floor(bench.inputs.get(ids)![t]! + 0.5)));
  return { ids, rowAt };
}

function gatherCase(one: Table): OpCase {
  const { batch, count, entries, width } = one;
  const bench = new Bench(`gather ${batch}×${count} of ${entries} rows of ${width}`, batch);
  const { ids, rowAt } = idsOf(bench, one);
  const table = bench.input('table', [entries, width], false);
  const values = bench.inputs.get(table)!;
  const y = bench.output('y', [count, width], true, (i) => values[rowAt(Math.floor(i / width)) * width + (i % width)]!);
  return bench.finish([{ op: 'gather', ids, table, y }], 1e-7);
}

function scatterCase(one: Table, add: boolean): OpCase {
  const { batch, count, entries, width } = one;
  const bench = new Bench(`scatter ${batch}×${count} to ${entries} rows of ${width}${add ? ', added' : ''}`, batch);
  const { ids, rowAt } = idsOf(bench, one);
  const dy = bench.input('dy', [count, width], true);
  const before = Float32Array.from({ length: entries * width }, (_, i) => Math.sin(i));
  const sums = Float64Array.from(before, (value) => (add ? value : 0));
  for (const [i, value] of bench.inputs.get(dy)!.entries())
    sums[rowAt(Math.floor(i / width)) * width + (i % width)]! += value;
  const dtable = bench.output('dtable', [entries, width], false, (i) => sums[i]!);
  if (add) bench.inputs.set(dtable, before);
  return bench.finish([{ op: 'scatter', ids, dy, dtable, add }], 2e-6);
}
