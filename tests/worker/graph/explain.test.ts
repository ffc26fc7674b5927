import { describe, expect, it } from 'vitest';
import type { LayerReport } from '../../../src-worker/contract/report.ts';
import { schemaOf, type Kinded } from '../../../src-worker/contract/fields.ts';
import { explainLayer, initialWeightsOf } from '../../../src-worker/graph/explain.ts';
import { resolveNetwork } from '../../../src-worker/graph/resolve-network.ts';
import { layers } from '../../../src-worker/layers/table.ts';
import { sizeOf } from '../../../src-worker/plan/program.ts';

/** One layer behind an input of this shape. */
function layerOn(shape: readonly number[], spec: Kinded): LayerReport {
  const { kind } = spec;
  const node = { id: 'layer', ...schemaOf(kind, layers[kind]!.config).parse(spec) };
  const nodes = [{ id: 'input', kind: 'input' }, node];
  const found = resolveNetwork({ nodes, edges: [['input', 'layer']] }, shape);
  const layer = found.layers.find(({ id }) => id === 'layer');
  if (!layer) throw new Error(JSON.stringify(found.problems));
  const { config: settings, parameterCount: parameters, definition: _, ...rest } = layer;
  return { ...rest, kind, settings, parameters, parameterShapes: {} };
}
const explain = (shape: readonly number[], spec: Kinded) => explainLayer(layerOn(shape, spec));
const conv = (shape: readonly number[], filters: number, more: object = {}) =>
  explain(shape, { kind: 'conv2d', filters, ...more });

describe('the parameters of a layer', () => {
  it('are written out for convolutions', () => {
    expect(conv([6, 6, 3], 1).learned).toEqual({ text: '(3·3·3 + 1)·1', value: 28 });
    expect(conv([6, 6, 3], 2).learned).toEqual({ text: '(3·3·3 + 1)·2', value: 56 });
    expect(conv([32, 32, 3], 6, { kernel: 5 }).learned).toEqual({ text: '(5·5·3 + 1)·6', value: 456 });
    expect(conv([28, 28, 1], 16, { padding: 'same' }).learned).toEqual({ text: '(3·3·1 + 1)·16', value: 160 });
    expect(conv([28, 28, 1], 16, { bias: false }).learned).toEqual({ text: '3·3·1·16', value: 144 });
  });

  it('are written out for dense layers, tables and normalizations', () => {
    expect(explain([784], { kind: 'dense', units: 100 }).learned).toEqual({ text: '(784 + 1)·100', value: 78_500 });
    expect(explain([12], { kind: 'embedding', words: 50, width: 8 }).learned).toEqual({ text: '50·8', value: 400 });
    expect(explain([7, 7, 16], { kind: 'instance-norm' }).learned).toEqual({ text: '2·16', value: 32 });
    expect(explain([7, 7, 16], { kind: 'layer-norm' }).learned).toEqual({ text: '2·7·7·16', value: 1568 });
  });

  it('keep running averages apart from what is learned', () => {
    const { learned, statistics } = explain([7, 7, 16], { kind: 'batch-norm' });
    expect([learned, statistics]).toEqual([
      { text: '2·16', value: 32 },
      { text: '2·16', value: 32 }
    ]);
  });

  it('are none where nothing is learned', () => expect(explain([4], { kind: 'relu' }).learned).toBeNull());
});

describe('the size of what comes out', () => {
  it('is calculated with the border, the window and the stride', () => {
    const [step] = conv([28, 28, 1], 16, { padding: 'same' }).output;
    expect(step).toEqual({ text: '⌊(28 + 2·1 − 3)/1⌋ + 1', value: 28 });
    expect(conv([32, 32, 3], 6, { kernel: 5 }).output).toEqual([{ text: '⌊(32 + 2·0 − 5)/1⌋ + 1', value: 28 }]);
    expect(explain([28, 28, 6], { kind: 'max-pool' }).output).toEqual([{ text: '⌊(28 + 2·0 − 2)/2⌋ + 1', value: 14 }]);
  });

  it('is said for height and width where they differ, and an uneven border as a sum', () => {
    expect(conv([9, 7, 1], 2, { kernel: 2, padding: 'same' }).output).toEqual([
      { text: '⌊(9 + 0 + 1 − 2)/1⌋ + 1', value: 9 },
      { text: '⌊(7 + 0 + 1 − 2)/1⌋ + 1', value: 7 }
    ]);
  });

  it('is a product behind flatten', () =>
    expect(explain([14, 14, 32], { kind: 'flatten' }).output).toEqual([{ text: '14·14·32', value: 6272 }]));
});

describe('the work of a layer', () => {
  it('is written out', () => {
    const { multiplyAdds } = conv([28, 28, 1], 16, { padding: 'same' });
    expect(multiplyAdds).toEqual({ text: '28·28·16 · 3·3·1', value: 112_896 });
    expect(explain([784], { kind: 'dense', units: 100 }).multiplyAdds).toEqual({ text: '100 · 784', value: 78_400 });
  });

  it('stands beside what a dense layer would need for the same', () => {
    expect(conv([32, 32, 3], 6, { kernel: 5 }).dense).toEqual({
      weights: { text: '32·32·3·28·28·6', value: 32 * 32 * 3 * 28 * 28 * 6 },
      biases: 4704
    });
    expect(explain([784], { kind: 'dense', units: 100 }).dense).toBeNull();
    expect(explain([8, 8, 3], { kind: 'batch-norm' }).dense).toBeNull();
  });

  it('adds up: what is written is what is counted', () => {
    const cases: [readonly number[], string][] = [
      ...Object.keys(layers).map((kind): [readonly number[], string] => [[16], kind]),
      ...Object.keys(layers).map((kind): [readonly number[], string] => [[8, 8, 16], kind])
    ];
    const seen = cases.flatMap(([shape, kind]) => {
      const { min } = layers[kind]!.inputs;
      const config = schemaOf(kind, layers[kind]!.config).parse({ kind }) as never;
      const result = layers[kind]!.outputShape([shape, shape], config);
      if (min !== 1 || 'why' in result) return [];
      const layer = layerOn(shape, { kind });
      const { output, learned, statistics, multiplyAdds } = explainLayer(layer);
      for (const step of [...output, learned, statistics, multiplyAdds])
        if (step) expect([kind, step.text, evaluate(step.text)]).toEqual([kind, step.text, step.value]);
      expect((learned?.value ?? 0) + (statistics?.value ?? 0)).toBe(layer.parameters);
      expect(multiplyAdds?.value ?? 0).toBe(layer.multiplyAdds);
      return [kind];
    });
    expect(new Set(seen).size).toBeGreaterThan(18);
  });
});

/** The text as JavaScript. */
function evaluate(text: string): number {
  const script = text.replaceAll('·', '*').replaceAll('−', '-').replaceAll('⌊', 'Math.floor(').replaceAll('⌋', ')');
  return (0, eval)(script) as number;
}

describe('the first weights of a layer', () => {
  it('come with how wide they are drawn', () => {
    const [weights] = initialWeightsOf(layerOn([14, 14, 16], { kind: 'conv2d', filters: 32 }));
    expect(weights).toMatchObject({ name: 'W', shape: [3, 3, 16, 32], fanIn: 144 });
    expect(weights!.spread).toEqual({ of: 'σ', text: '√(2/144)', value: Math.sqrt(2 / 144) });
    expect(sizeOf(weights!.shape)).toBe(4608);
    const [xavier] = initialWeightsOf(layerOn([100], { kind: 'dense', units: 50, init: { kind: 'xavier-uniform' } }));
    expect(xavier!.spread).toEqual({ of: 'bound', text: '√(6/150)', value: Math.sqrt(6 / 150) });
  });
  it('are none of normalizations', () => expect(initialWeightsOf(layerOn([4], { kind: 'layer-norm' }))).toEqual([]));
});
