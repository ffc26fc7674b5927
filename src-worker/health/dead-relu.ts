import type { Experiment } from '../contract/experiment.ts';
import { replaceLayer } from '../graph/fixes/network.ts';
import { normalizedAt, redrawn, scaledRate, standardized, usualRate } from './changes.ts';
import { above, defineHealthRule, percent } from './rule.ts';
import { steady } from './steady.ts';

/**
 * Share of a layer's units that are 0 for every example looked at. A dense layer behind convolutions may lose half of its units in the
 * first steps and learn all the same, as the preset small-cnn does (0.55); so this tells of more than that.
 */
const SHARE = { found: 0.6, clear: 0.55 };
/** Of fewer a single one is a large share. */
const FEWEST_UNITS = 4;

const isRelu = ({ network }: Experiment, node: string) =>
  network.nodes.some(({ id, kind }) => id === node && kind === 'relu');

/**
 * Units whose input is below 0 for all examples: no gradient comes through them, so they stay as they are.
 *
 * Source: Lu, Shin, Su & Karniadakis 2019, Dying ReLU and Initialization, arXiv:1903.06733; CS231n, Neural Networks 1 (“as much as 40%
 * of your network can be dead” with too large a learning rate).
 */
export const deadRelu = defineHealthRule({
  id: 'dead-relu',
  words: {
    name: 'Dead relu units',
    what: '{dead} of {count} units of “{layer}” are 0 for every example.',
    meaning:
      'No gradient comes through them, so they never wake again: the layer is as narrow as if they were not there.',
    causes: 'Mostly a step that was too large has pushed their inputs far below 0, or the first weights did.',
    remedy:
      'Lower the learning rate, use leaky relu, which lets some gradient through, or put batch normalization in front.'
  },
  hears: ['look'],
  find: ({ looks }) =>
    steady(looks, ({ layers }) =>
      layers.flatMap(({ node, units }) => {
        if (!units || units.count < FEWEST_UNITS) return [];
        const state = above(units.dead / units.count, SHARE);
        return state ? [{ node, values: { ...units, percent: percent(units.dead / units.count) }, state }] : [];
      })
    ),
  remedies: (experiment, node) => [
    ...redrawn(experiment),
    ...standardized(experiment),
    ...(node !== null && isRelu(experiment, node) ? [replaceLayer(node, { kind: 'leaky-relu' })] : []),
    ...usualRate(experiment, 'lower'),
    ...scaledRate(experiment, 0.1),
    ...normalizedAt(experiment, node)
  ]
});
