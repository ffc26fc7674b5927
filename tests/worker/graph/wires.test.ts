import { expect, test } from 'vitest';
import type { NetworkSpec } from '../../../src-worker/contract/experiment.ts';
import {
  connect,
  disconnect,
  freshId,
  insertAfter,
  insertOnWire,
  removeNodes,
  rewire
} from '../../../src-worker/graph/edit/wires.ts';

const networkOf = (nodes: string, wires: string): NetworkSpec => ({
  nodes: nodes.split(' ').map((id) => ({ id, kind: 'relu' })),
  edges: wires ? wires.split(' ').map((wire): [string, string] => wire.split('>') as [string, string]) : []
});
const textOf = ({ nodes, edges }: NetworkSpec) => ({
  nodes: nodes.map(({ id }) => id).join(' '),
  wires: edges.map((wire) => wire.join('>')).join(' ')
});
const n = { id: 'n', kind: 'relu' };

test('a fresh id is the wanted one, or counts on from 2', () => {
  const network = networkOf('relu relu-2 conv-7', '');
  expect(freshId(network, 'dense')).toBe('dense');
  expect(freshId(network, 'relu')).toBe('relu-3');
  expect(freshId(network, 'conv-7')).toBe('conv-2');
  expect(freshId(network, 'dense', new Set(['dense']))).toBe('dense-2');
});

test('a layer put behind another feeds all that the other fed, at the same inputs', () => {
  const network = networkOf('a b c add', 'a>b a>c c>add a>add');
  expect(textOf(insertAfter(network, n, 'a'))).toEqual({ nodes: 'a n b c add', wires: 'n>b n>c c>add n>add a>n' });
});

test('a layer dropped on a wire takes the place of that wire alone', () => {
  const network = networkOf('a b add', 'a>b a>add b>add');
  expect(textOf(insertOnWire(network, n, ['a', 'add']))).toEqual({ nodes: 'a n b add', wires: 'a>b n>add b>add a>n' });
});

test('a wire is there once, and never from a layer to itself', () => {
  const network = networkOf('a b', 'a>b');
  expect(connect(network, ['a', 'b'])).toBe(network);
  expect(connect(network, ['b', 'b'])).toBe(network);
  expect(textOf(connect(network, ['b', 'a'])).wires).toBe('a>b b>a');
  expect(textOf(disconnect(network, ['a', 'b'])).wires).toBe('');
});

test('a rewired wire keeps its place among the inputs', () => {
  const network = networkOf('a b c add', 'a>add b>add');
  expect(textOf(rewire(network, ['a', 'add'], ['c', 'add'])).wires).toBe('c>add b>add');
  expect(textOf(rewire(network, ['a', 'add'], ['b', 'add'])).wires).toBe('b>add');
  expect(rewire(network, ['a', 'add'], ['add', 'add'])).toBe(network);
});

test.each([
  ['in a chain', 'a b c', 'a>b b>c', ['b'], 'a>c'],
  ['two in a row', 'a b c d', 'a>b b>c c>d', ['b', 'c'], 'a>d'],
  ['at the end', 'a b', 'a>b', ['b'], ''],
  ['that joins two paths, before one layer', 'a b add c', 'a>add b>add add>c', ['add'], 'a>c b>c'],
  ['beside a shortcut that is there already', 'a b c', 'a>b b>c a>c', ['b'], 'a>c'],
  ['in a circle of two', 'a b', 'a>b b>a', ['b'], '']
])('removing a layer %s closes the gap', (_, nodes, wires, removed, left) => {
  const network = removeNodes(networkOf(nodes, wires), removed);
  expect(textOf(network).wires).toBe(left);
  expect(network.nodes.map(({ id }) => id)).toEqual(nodes.split(' ').filter((id) => !removed.includes(id)));
});
