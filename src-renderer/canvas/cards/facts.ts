/** The two or three settings of a layer that matter, in the words of the page: `16 · 3 × 3 · same`. */
import { formatSetting } from '../../controls/format.ts';
import { settingValue } from '../../controls/words.ts';
import { t, tMaybe } from '../../i18n/t.svelte.ts';

type Settings = Readonly<Record<string, unknown>>;

const window = ({ kernel, kernelWidth }: Settings): string =>
  `${settingValue(kernel)}×${settingValue(kernelWidth || kernel)}`;
const stride = ({ stride, strideWidth }: Settings): string => {
  const across = strideWidth && strideWidth !== stride ? `×${settingValue(strideWidth)}` : '';
  return `${tMaybe('setting.node.stride', 'stride')} ${settingValue(stride)}${across}`;
};
const named = (settings: Settings, name: string): string =>
  `${tMaybe(`setting.node.${name}`, name)} ${settingValue(settings[name])}`;
const padding = ({ padding, pad }: Settings): string =>
  tMaybe(`canvas.padding.${String(padding)}`, settingValue(padding), { pad: settingValue(pad) });
const kindOf = (value: unknown): string =>
  settingValue(typeof value === 'object' && value !== null ? (value as { kind?: unknown }).kind : value);

/** Windows side by side are the usual: then the stride says nothing. */
const pooling = (of: Settings): (string | null)[] => [
  window(of),
  of['stride'] === of['kernel'] && !of['strideWidth'] && !of['kernelWidth'] ? null : stride(of)
];

const byKind: Readonly<Record<string, (settings: Settings) => (string | null)[]>> = {
  dense: (of) => [settingValue(of['units']), kindOf(of['init'])],
  conv2d: (of) => [settingValue(of['filters']), window(of), padding(of), of['stride'] === 1 ? null : stride(of)],
  'max-pool': pooling,
  'average-pool': pooling,
  reshape: (of) => [[of['height'], of['width'], of['channels']].map(settingValue).join(' × ')],
  embedding: (of) => [`${settingValue(of['words'])} → ${settingValue(of['width'])}`],
  dropout: (of) => [named(of, 'rate')],
  'group-norm': (of) => [named(of, 'groups')],
  'batch-norm': () => []
};

/** Settings that say little beside the others. */
const quiet = new Set(['eps', 'bias', 'init']);

export function factsOf(kind: string, settings: Settings): string {
  const facts =
    (Object.hasOwn(byKind, kind) ? byKind[kind] : undefined)?.(settings) ??
    Object.keys(settings)
      .filter((name) => !quiet.has(name) && typeof settings[name] === 'number')
      .slice(0, 2)
      .map((name) => named(settings, name));
  return facts.filter((fact) => fact !== null).join(' · ');
}

/** An id that leaves room for words beside it. */
const MOST_LETTERS = 12;
export const shortId = (id: string): string => (id.length > MOST_LETTERS ? `${id.slice(0, MOST_LETTERS - 1)}…` : id);

/** `28 × 28 × 6` */
export const shapeText = (shape: readonly number[]): string => shape.map(formatSetting).join(' × ');

/** `Adam 0.001 · batch 128 · 10 epochs` */
export function trainingFacts({
  optimizer,
  batchSize,
  epochs
}: {
  optimizer: Settings;
  batchSize: unknown;
  epochs: unknown;
}): string {
  const rate = typeof optimizer['learningRate'] === 'number' ? ` ${formatSetting(optimizer['learningRate'])}` : '';
  return [
    `${kindOf(optimizer['kind'])}${rate}`,
    t('canvas.batch', { n: settingValue(batchSize) }),
    t('canvas.epochs', { n: settingValue(epochs) })
  ].join(' · ');
}
