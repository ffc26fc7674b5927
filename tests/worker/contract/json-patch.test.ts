import { expect, test } from 'vitest';
import { applyPatch, patchBetween } from '../../../src-worker/contract/json-patch.ts';

const before = {
  nodes: [
    { id: 'a', n: 1 },
    { id: 'b', n: 2 },
    { id: 'c', n: 3 }
  ],
  edges: [
    ['a', 'b'],
    ['b', 'c']
  ],
  'x/~y': 1
};

test.each([
  [
    'a value',
    { ...before, nodes: [before.nodes[0], { id: 'b', n: 5 }, before.nodes[2]] },
    [{ op: 'replace', path: '/nodes/1/n', value: 5 }]
  ],
  ['a removed element', { ...before, nodes: [before.nodes[0], before.nodes[2]] }, [{ op: 'remove', path: '/nodes/1' }]],
  [
    'an inserted element',
    {
      ...before,
      edges: [
        ['a', 'b'],
        ['n', 'm'],
        ['b', 'c']
      ]
    },
    [{ op: 'add', path: '/edges/1', value: ['n', 'm'] }]
  ],
  ['an escaped name', { ...before, 'x/~y': 2 }, [{ op: 'replace', path: '/x~1~0y', value: 2 }]],
  ['a name that goes', { nodes: before.nodes, edges: before.edges }, [{ op: 'remove', path: '/x~1~0y' }]],
  ['nothing', structuredClone(before), []]
])('%s is one operation', (_, after, patch) => {
  expect(patchBetween(before, after)).toEqual(patch);
});

test('a name that comes back stands where it stood', () => {
  const whole = { id: 'c', kind: 'conv2d', filters: 16, padding: 'same', bias: true };
  const { filters, ...without } = whole;
  const back = applyPatch(without, patchBetween(without, whole));
  expect([filters, JSON.stringify(back)]).toEqual([16, JSON.stringify(whole)]);
  expect(patchBetween(whole, without)).toEqual([{ op: 'remove', path: '/filters' }]);
});

test('a patch there and the one back restore what was, for random changes', () => {
  let state = 7;
  const chance = (n: number) => (state = (state * 48271) % 2147483647) % n;
  const randomJson = (depth: number): unknown => {
    const kind = chance(depth > 2 ? 3 : 5);
    if (kind === 3) return Array.from({ length: chance(5) }, () => randomJson(depth + 1));
    if (kind === 4)
      return Object.fromEntries(Array.from({ length: chance(4) }, () => [`k${chance(4)}`, randomJson(depth + 1)]));
    return [chance(3), `s${chance(3)}`, null][kind];
  };
  for (let i = 0; i < 500; i++) {
    const [a, b] = [{ at: randomJson(0) }, { at: randomJson(0) }];
    const kept = structuredClone(a);
    expect(applyPatch(a, patchBetween(a, b))).toEqual(b);
    const back = applyPatch(b, patchBetween(b, a));
    expect(back).toEqual(kept);
    expect(a).toEqual(kept);
  }
});
