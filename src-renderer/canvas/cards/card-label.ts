/** A card in a sentence, for those who hear it. */
import { formatCount } from '../../controls/format.ts';
import { titleOf } from '../../controls/words.ts';
import { t, tMaybe, words } from '../../i18n/t.svelte.ts';
import type { Card } from './cards.ts';
import { withDefaults } from '../acts/new-layer.ts';
import { factsOf, shapeText, trainingFacts } from './facts.ts';
import { noteOfLint, noteOfProblem } from './notes.ts';

/** Said again only when the card or the language is another. */
const said = new WeakMap<Card, { language: string; text: string }>();

export function cardLabel(card: Card, isChosen: boolean): string {
  const { language } = words;
  const known = said.get(card);
  const text = known?.language === language ? known.text : textOf(card);
  if (text !== known?.text) said.set(card, { language, text });
  return isChosen ? [text, t('canvas.nodeChosen')].join(t('word.comma')) : text;
}

function textOf(card: Card): string {
  const parts = card.type === 'layer' ? layerParts(card) : trainingParts(card);
  const notes = [
    ...card.problems.map((problem) => t('canvas.nodeBroken', { text: noteOfProblem(problem).text })),
    ...card.lint.map((finding) => t('canvas.nodeAdvice', { text: noteOfLint(finding).text }))
  ];
  return [...parts, ...notes].filter(Boolean).join(t('word.comma'));
}

function layerParts({ node, layer, waitsFor, dataset }: Extract<Card, { type: 'layer' }>): string[] {
  const name = t('canvas.nodeLabel', { layer: tMaybe(`kind.${node.kind}`, node.kind), id: node.id });
  if (waitsFor !== null) return [name, t('canvas.waitsFor', { layer: waitsFor })];
  if (!layer) return [name, factsOf(node.kind, withDefaults(node))];
  return [
    name,
    dataset ? titleOf(dataset) : factsOf(node.kind, layer.settings),
    t('canvas.nodeShape', { shape: shapeText(layer.outputShape) }),
    layer.parameters > 0 ? t('canvas.parameters', { n: formatCount(layer.parameters) }) : '',
    layer.from.length > 0 ? t('canvas.nodeFrom', { nodes: layer.from.join(' + ') }) : ''
  ];
}

const trainingParts = ({ training }: Extract<Card, { type: 'training' }>): string[] => [
  t('canvas.training'),
  tMaybe(`kind.${training.loss.kind}`, training.loss.kind),
  trainingFacts(training)
];
