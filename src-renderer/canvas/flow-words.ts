/** What Svelte Flow says by itself, and what a wire is called, for those who hear the page: in its language. */
import type { Wire } from '../../src-worker/graph/edit/wires.ts';
import { t, words } from '../i18n/t.svelte.ts';
import { TRAINING } from '../state/build.svelte.ts';
import { shapeText } from './cards/facts.ts';

/** For all of Svelte Flow's own words, so that none of them is English by default; moves are announced by the acts. */
export const flowWords = () => ({
  'node.a11yDescription.default': t('canvas.label'),
  'node.a11yDescription.keyboardDisabled': t('canvas.label'),
  'node.a11yDescription.ariaLiveMessage': () => '',
  'edge.a11yDescription.default': t('canvas.wireHelp'),
  'controls.ariaLabel': t('canvas.tools'),
  'controls.zoomIn.ariaLabel': t('canvas.zoomIn'),
  'controls.zoomOut.ariaLabel': t('canvas.zoomOut'),
  'controls.fitView.ariaLabel': t('canvas.fit'),
  'controls.interactive.ariaLabel': t('canvas.tools'),
  'minimap.ariaLabel': t('canvas.minimap'),
  'handle.ariaLabel': t('canvas.port')
});

/** Said again only when the shape or the language is another. */
const said = new WeakMap<Wire, { language: string; shape: readonly number[] | null; text: string }>();

/** `shape`: what flows; null where it is not known. */
export function wireLabel(wire: Wire, shape: readonly number[] | null): string {
  const { language } = words;
  const known = said.get(wire);
  if (known?.language === language && known.shape === shape) return known.text;
  const to = wire[1] === TRAINING ? t('canvas.training') : wire[1];
  const name = t('canvas.wireLabel', { from: wire[0], to });
  const text = shape ? [name, shapeText(shape)].join(t('word.comma')) : name;
  said.set(wire, { language, shape, text });
  return text;
}
