/** Rows of a table by number, and their gradient. Shapes: ids (B, T), table, dtable (V, D), y, dy (B, T·D). */
import { COLUMN, defineKernel, ROW, type KernelRule } from '../kernel-text.ts';
import type { Value } from '../value.ts';
import { checkDivided, quotient } from './windows.ts';

/** The row that each id means: rounded, held within the table; what is no number counts as 0. */
export const tableRows = (entries: number, reads: { ids: Value }): KernelRule =>
  defineKernel({
    reads,
    output: reads.ids,
    body: ({ ids }) => `
  const id = ${ids(ROW, COLUMN)};
  let entry = 0.0;
  if (id > 0.0) {
    entry = Math.min(Math.floor(id + 0.5), ${entries - 1}.0);
  }
  return entry;`
  });

export function gather(reads: { entries: Value; table: Value }): KernelRule {
  const width = reads.table.columns;
  const columns = reads.entries.columns * width;
  checkDivided('what is looked up for an example', columns);
  return defineKernel({
    reads,
    output: { rows: reads.entries.rows, columns },
    body: ({ entries, table }) => `
  const t = ${quotient(COLUMN, width)};
  const d = ${COLUMN} - t * ${width};
  const entry = ${entries(ROW, 't')};
  return ${table('entry', 'd')};`
  });
}

/** dtable[v] = Σ dy[b, t] over all ids that mean row v [+ dtable]: every row looks through all ids, for no two may add to one number. */
export function scatter(rows: number, reads: { entries: Value; dy: Value; dtable: Value | null }): KernelRule {
  const { rows: examples, columns: ids } = reads.entries;
  const width = reads.dy.columns / ids;
  return defineKernel({
    reads,
    output: { rows, columns: width },
    body: ({ entries, dy, dtable }) => `
  let sum = 0.0;
  for (let b = 0; b < ${examples}; b++) {
    let exampleSum = 0.0;
    for (let t = 0; t < ${ids}; t++) {
      if (${entries('b', 't')} == ${ROW}) {
        exampleSum += ${dy('b', `t * ${width} + ${COLUMN}`)};
      }
    }
    sum += exampleSum;
  }
  return sum${reads.dtable ? ` + ${dtable(ROW, COLUMN)}` : ''};`
  });
}
