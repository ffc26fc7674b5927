/** Do the examples hold what a layer of word numbers can look up? An engine would take another word without a word. */
import type { ExampleTable } from '../backends/backend.ts';
import { LabError } from '../contract/errors.ts';
import type { NetworkSpec, NodeSpec } from '../contract/experiment.ts';
import type { ConfigOf, Fields } from '../contract/fields.ts';
import { layers } from '../layers/table.ts';
import type { Splits } from './prepare-data.ts';

/** Throws: `invalid_experiment` with the first value that is none of the words of a layer that reads the examples. */
export function checkWordNumbers(network: NetworkSpec, table: ExampleTable, splits: Splits): void {
  for (const reader of network.nodes) {
    const words = layers[reader.kind]!.readsIds?.(reader as unknown as ConfigOf<Fields>);
    if (words === undefined || !seesExamples(network, reader)) continue;
    const strange = findStrange(table, splits, words);
    if (strange !== undefined)
      throw new LabError(
        'invalid_experiment',
        `“${reader.id}” looks up words 0 to ${words - 1}, but an example holds ${Number(strange.toPrecision(6))}. ` +
          'Give the table as many words as there are, and number them from 0.',
        { node: reader.id, words, found: strange }
      );
  }
}

/** From the input there are only other shapes of the same values on the way. */
function seesExamples({ nodes, edges }: NetworkSpec, { id }: NodeSpec): boolean {
  const from = edges.find(([, to]) => to === id)?.[0];
  const before = nodes.find((node) => node.id === from);
  if (!before) return false;
  return before.kind === 'input' || (layers[before.kind]!.view === true && seesExamples({ nodes, edges }, before));
}

function findStrange(table: ExampleTable, splits: Splits, words: number): number | undefined {
  const { examples, scale, shift } = table;
  const size = scale.length;
  for (const rows of [splits.train, splits.dev, splits.test])
    for (const row of rows)
      for (let i = 0; i < size; i++) {
        const value = examples[row * size + i]! * scale[i]! + shift[i]!;
        if (!(Number.isInteger(value) && value >= 0 && value < words)) return value;
      }
  return undefined;
}
