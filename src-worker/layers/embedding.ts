import { integer, kindOf } from '../contract/fields.ts';
import { initializers } from '../initializers/table.ts';
import { formula } from '../plan/builder.ts';
import { defineLayer, oneInput } from './layer.ts';
import { needsRow } from './needs-row.ts';

/**
 * Embedding: for every word number its row of a table that is learned.
 *
 *   y[t] = W[x[t]]      dW[x[t]] += dy[t]
 *
 * Shapes: x (B, T) whole numbers 0 … V − 1, W (V, D), y (B, T, D). A run refuses examples that hold others; where
 * another layer makes them they are rounded and held within the table, and no gradient leads back.
 * Config: `words` = V; `width` = D. The fans are D, so that LeCun's rule makes vectors of length about 1.
 * Max-norm keeps every word's vector short, not a column of the table, whose length grows with the vocabulary.
 * Source: Bengio, Ducharme, Vincent & Jauvin 2003, A Neural Probabilistic Language Model, JMLR 3, section 2 (the mapping C).
 */
export const embedding = defineLayer({
  kind: 'embedding',
  group: 'core',
  help: 'For every word number its vector from a learned table',
  config: {
    words: integer(1000, 'Size of the vocabulary', { min: 1, max: 1_000_000, scale: 'log' }),
    width: integer(16, 'Length of the vectors', { min: 1, max: 4096, scale: 'log' }),
    init: kindOf(initializers, 'lecun-normal', 'Initial weights')
  },
  formula: 'y_t = W_{x_t}',
  inputs: oneInput,
  readsIds: ({ words }) => words,

  outputShape([x], { width }) {
    if (x!.length === 1) return [x![0]!, width];
    return needsRow('needs-word-row', 'embedding', x!);
  },

  parameters: (_, { words, width, init }) => ({
    W: { shape: [words, width], role: 'weight', init, fanIn: width, fanOut: width, unit: 'first' }
  }),

  forward(record, { x, y }, { W }) {
    record.gather({ ids: x, table: W!, y });
  },

  backward(record, { x, dy, dx }, _, { dW }) {
    record.scatter({ ids: x, dy, dtable: dW! });
    if (dx) record.map(formula('dx = 0'), { dx }, { add: true }); // a word number has no slope
  }
});
