import { describe, expect, it } from 'vitest';
import type { NetworkSpec } from '../../../src-worker/contract/experiment.ts';
import {
  addPart,
  entriesOf,
  exitsOf,
  fitsOnWire,
  freshIds,
  insertPart,
  partOf,
  renamedPart
} from '../../../src-worker/graph/edit/parts.ts';

const network: NetworkSpec = {
  nodes: ['input', 'c1', 'a1', 'c2', 'out'].map((id) => ({ id, kind: id === 'input' ? 'input' : 'dense' })),
  edges: [
    ['input', 'c1'],
    ['c1', 'a1'],
    ['a1', 'c2'],
    ['c1', 'c2'],
    ['c2', 'out']
  ]
};
const wires = ({ edges }: { edges: readonly (readonly string[])[] }) => edges.map((edge) => edge.join('>'));

describe('a part of a network', () => {
  it('has the wires between its layers, and never the input', () => {
    const part = partOf(network, ['input', 'c1', 'a1']);
    expect(part.nodes.map(({ id }) => id)).toEqual(['c1', 'a1']);
    expect(wires(part)).toEqual(['c1>a1']);
  });

  it('knows where data comes in and goes out', () => {
    const part = partOf(network, ['c1', 'a1', 'c2']);
    expect([entriesOf(part), exitsOf(part)]).toEqual([['c1'], ['c2']]);
    expect(fitsOnWire(part)).toBe(true);
    expect(fitsOnWire(partOf(network, ['a1', 'out']))).toBe(false);
  });

  it('gets ids that are free, also among its own', () => {
    const twice = {
      nodes: [
        { id: 'c1', kind: 'dense' },
        { id: 'c2', kind: 'dense' }
      ],
      edges: [['c1', 'c2']] as const
    };
    const ids = freshIds(network, twice);
    expect([...ids.values()]).toEqual(['c-2', 'c-3']);
    expect(wires(renamedPart(twice, ids))).toEqual(['c-2>c-3']);
  });

  it('stands by itself', () => {
    const after = addPart(network, { nodes: [{ id: 'x', kind: 'dense' }], edges: [] });
    expect(after.nodes.at(-1)!.id).toBe('x');
    expect(wires(after)).toEqual(wires(network));
  });

  const pair = {
    nodes: [
      { id: 'x', kind: 'dense' },
      { id: 'y', kind: 'relu' }
    ],
    edges: [['x', 'y']] as const
  };
  it('stands behind a layer, in front of all that it feeds', () => {
    const after = insertPart(network, pair, 'c1');
    expect(wires(after)).toEqual(['input>c1', 'y>a1', 'a1>c2', 'y>c2', 'c2>out', 'c1>x', 'x>y']);
    expect(after.nodes.map(({ id }) => id)).toEqual(['input', 'c1', 'x', 'y', 'a1', 'c2', 'out']);
  });

  it('stands on one wire', () =>
    expect(wires(insertPart(network, pair, 'c1', 'c2'))).toEqual([
      'input>c1',
      'c1>a1',
      'a1>c2',
      'y>c2',
      'c2>out',
      'c1>x',
      'x>y'
    ]));
});
