/** The layers of the palette by group, made from their table: a new layer appears by itself. */
import { families } from '../../../src-worker/graph/choices.ts';
import { tMaybe } from '../../i18n/t.svelte.ts';

export interface Choice {
  readonly kind: string;
  readonly name: string;
  readonly help: string;
}
export interface ChoiceGroup {
  readonly group: string;
  readonly name: string;
  readonly choices: readonly Choice[];
}

/** First what networks consist of; groups that are not named here follow in the order of the table. */
const order = ['core', 'shape', 'merge', 'activation', 'normalization', 'regularization'];

/** Those with every word of the search in the name, the kind, the group or the help; what begins with it comes first in its group. */
export function paletteGroups(search: string): ChoiceGroup[] {
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const all = Object.values(families.layers).filter(({ group }) => group !== 'input');
  const groups = Map.groupBy(all, ({ group }) => group as string);
  const rank = (group: string) => (order.includes(group) ? order.indexOf(group) : order.length);
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([group, definitions]) => {
      const name = tMaybe(`layers.group.${group}`, group);
      const choices = definitions
        .map(({ kind, help }) => ({
          kind: kind as string,
          name: tMaybe(`layers.short.${kind}`, tMaybe(`kind.${kind}`, kind)),
          help: tMaybe(`help.kind.${kind}`, help)
        }))
        .filter((choice) => {
          const text =
            `${choice.name} ${tMaybe(`kind.${choice.kind}`, '')} ${choice.kind} ${name} ${choice.help}`.toLowerCase();
          return words.every((word) => text.includes(word));
        });
      const begins = (choice: Choice) => (words.length > 0 && choice.name.toLowerCase().startsWith(words[0]!) ? 0 : 1);
      return { group, name, choices: choices.sort((a, b) => begins(a) - begins(b)) };
    })
    .filter(({ choices }) => choices.length > 0);
}
