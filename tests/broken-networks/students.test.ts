/** Slips as students make them: the layer at fault, what the message names, and what is mended by the first fix of the first problem, again and again. */
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../src-worker/contract/json-patch.ts';
import { messageOf } from '../../src-worker/contract/problems.ts';
import { mended } from '../../src-worker/report/mend.ts';
import { reportOf } from '../../src-worker/report/report.ts';
import { describedDatasets } from '../support/datasets.ts';
import cases from './students.json' with { type: 'json' };

type Case = (typeof cases)[number];

/** `h1 dense units=64`, or a node as it is. */
function nodeOf(layer: Case['layers'][number]): object {
  if (typeof layer !== 'string') return layer;
  const [id, kind, ...settings] = layer.split(' ');
  const pairs = settings.map((setting) => setting.split('=') as [string, string]);
  return { id, kind, ...Object.fromEntries(pairs.map(([name, text]) => [name, valueOf(text)])) };
}

const valueOf = (text: string): unknown => (/^[-\d[]|^(true|false)$/.test(text) ? JSON.parse(text) : text);

/** `a>b b>c`, wires as they are, or one layer behind the other. */
function wiresOf({ wires }: Case, nodes: readonly object[]): unknown {
  if (typeof wires === 'string') return wires === '' ? [] : wires.split(' ').map((wire) => wire.split('>'));
  const ids = nodes.map((node) => (node as { id: string }).id);
  return wires ?? ids.slice(1).map((id, index) => [ids[index], id]);
}

function specOf(one: Case): unknown {
  const { layers, data, training } = one;
  const nodes = layers.map(nodeOf);
  const network = { nodes, edges: wiresOf(one, nodes) };
  return {
    version: 1,
    name: 'broken',
    data: { dataset: data ?? 'fashion-mnist-small' },
    network,
    training: training ?? {}
  };
}

const MOST_STEPS = 20;

function firstFixes(input: unknown): { readonly steps: string[]; readonly left: number } {
  const steps: string[] = [];
  let spec = input;
  while (steps.length < MOST_STEPS) {
    const { problems } = reportOf(spec, describedDatasets);
    const fix = problems[0]?.fixes[0];
    if (!fix) return { steps, left: problems.length };
    steps.push(fix.label);
    spec = applyPatch(spec, fix.patch);
  }
  return { steps, left: Infinity };
}

describe('slips of students', () => {
  it.each(cases)('$title', (one) => {
    const spec = specOf(one);
    const [first] = reportOf(spec, describedDatasets).problems;
    expect(first).toMatchObject({ node: one.layer, code: one.code });
    for (const text of one.says) expect(messageOf(first!)).toContain(text);
    expect(firstFixes(spec)).toEqual({ steps: one.steps, left: 0 });
    expect(mended(spec, describedDatasets).report.problems).toEqual([]);
  });

  it('are many, each of its own', () => {
    expect(cases.length).toBeGreaterThanOrEqual(90);
    expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
  });
});
