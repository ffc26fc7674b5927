/** What the palette offers, by group: the layers of their table (a new one appears by itself), saved blocks and presets. */
import type { Block } from '../../../src-worker/contract/drafts.ts';
import type { Preset } from '../../../src-worker/contract/lab-api.ts';
import { families } from '../../../src-worker/graph/choices.ts';
import type { Target } from '../../canvas/acts/acts.ts';
import { addLayer, addPart, targetHere } from '../../canvas/acts/edits.ts';
import { iconOf } from '../../canvas/cards/layer-icons.ts';
import type { IconName } from '../../controls/icons.ts';
import { t, tMaybe } from '../../i18n/t.svelte.ts';
import { draft } from '../../state/draft.svelte.ts';

export interface Choice {
  readonly id: string;
  readonly name: string;
  readonly help: string;
  readonly icon: IconName;
  /** Besides name and help, what it is found by. */
  readonly words: string;
  take(): void;
  /** Only what can stand on the canvas. */
  readonly drop?: (target: Target) => void;
  readonly block?: Block;
}
export interface ChoiceGroup {
  readonly group: string;
  readonly name: string;
  readonly choices: readonly Choice[];
}

/** First what networks consist of; groups that are not named here follow in the order of the table. */
const order = ['core', 'shape', 'merge', 'activation', 'normalization', 'regularization'];
const rank = (group: string) => (order.includes(group) ? order.indexOf(group) : order.length);

export function paletteGroups(search: string, blocks: readonly Block[], presets: readonly Preset[]): ChoiceGroup[] {
  const all = [
    ...layerGroups(),
    { group: 'blocks', name: t('layers.group.blocks'), choices: blocks.map(blockChoice) },
    { group: 'presets', name: t('layers.group.presets'), choices: presets.map(presetChoice) }
  ];
  return found(all, search.trim().toLowerCase().split(/\s+/).filter(Boolean));
}

/** Those with every word of the search in the name, the group or the help; what begins with it comes first in its group. */
function found(groups: readonly ChoiceGroup[], words: readonly string[]): ChoiceGroup[] {
  const matches = (choice: Choice, group: string) => {
    const text = `${choice.name} ${choice.words} ${group} ${choice.help}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const place = ({ name }: Choice) => (words.length > 0 && name.toLowerCase().startsWith(words[0]!) ? 0 : 1);
  return groups
    .map((group) => ({
      ...group,
      choices: group.choices.filter((choice) => matches(choice, group.name)).sort((a, b) => place(a) - place(b))
    }))
    .filter(({ choices }) => choices.length > 0);
}

function layerGroups(): ChoiceGroup[] {
  const layers = Object.values(families.layers).filter(({ group }) => group !== 'input');
  return [...Map.groupBy(layers, ({ group }) => group as string)]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([group, members]) => ({
      group,
      name: tMaybe(`layers.group.${group}`, group),
      choices: members.map(({ kind, help }) => layerChoice(kind, help))
    }));
}

function layerChoice(kind: string, help: string): Choice {
  const name = tMaybe(`kind.${kind}`, kind);
  return {
    id: kind,
    name: tMaybe(`layers.short.${kind}`, name),
    help: tMaybe(`help.kind.${kind}`, help),
    icon: iconOf(kind),
    words: `${name} ${kind}`,
    take: () => addLayer(kind),
    drop: (target) => addLayer(kind, target)
  };
}

const blockChoice = (block: Block): Choice => ({
  id: `block ${block.id}`,
  name: block.name,
  help: block.nodes.map(({ kind }) => tMaybe(`kind.${kind}`, kind)).join(' · '),
  icon: 'block',
  words: '',
  take: () => addPart('add', block, targetHere()),
  drop: (target) => addPart(target.type === 'wire' ? 'insert' : 'add', block, target),
  block
});

const presetChoice = (preset: Preset): Choice => ({
  id: `preset ${preset.name}`,
  name: tMaybe(`preset.${preset.name}`, preset.name),
  help: tMaybe(`preset.${preset.name}.note`, preset.summary),
  icon: 'build',
  words: preset.name,
  take: () => draft.takePreset(preset)
});
