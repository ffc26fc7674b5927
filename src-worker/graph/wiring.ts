/** Faults of the wires alone, whatever the layers are: ids and wires that are there twice or lead nowhere, circles, inputs. */
import type { NetworkSpec } from '../contract/experiment.ts';
import { problem, type Problem } from '../contract/problems.ts';
import { among } from '../contract/refusal.ts';
import { term, type Words } from '../contract/words.ts';
import type { Wire } from './edit/wires.ts';
import type { Circle, Order } from './order.ts';

export function wiringProblems(network: NetworkSpec, order: Order): Problem[] {
  const circles = order.circles.map((circle) => circleProblem(circle, network));
  return [...duplicateIds(network), ...badWires(network), ...inputsOf(network, order), ...circles];
}

function duplicateIds({ nodes }: NetworkSpec): Problem[] {
  const seen = new Set<string>();
  return nodes.flatMap(({ id }, index) => {
    if (!seen.has(id)) return (seen.add(id), []);
    const count = nodes.filter((node) => node.id === id).length;
    const texts = { layer: id, count, expected: term('layers', { n: 1 }), actual: term('layers', { n: count }) };
    return [problem('duplicate-id', { path: `network.nodes.${index}.id`, value: id, node: id }, texts)];
  });
}

function badWires({ nodes, edges }: NetworkSpec): Problem[] {
  const known = new Set(nodes.map(({ id }) => id));
  const seen = new Set<string>();
  return edges.flatMap((edge, index) => {
    const place = { path: `network.edges.${index}`, value: edge };
    const missing = edge.find((id) => !known.has(id));
    if (missing !== undefined) {
      const node = edge.find((id) => known.has(id)) ?? null;
      return [problem('wire-to-nowhere', { ...place, node }, { layer: missing, ...meant(missing, known) })];
    }
    if (edge[0] === edge[1]) return [problem('wire-to-itself', { ...place, node: edge[1] }, itself(edge))];
    const key = edge.join(' ');
    if (seen.has(key)) return [problem('wire-twice', { ...place, node: edge[1] }, twice(edge, edges))];
    seen.add(key);
    return [];
  });
}

const itself = ([from, to]: Wire): Words => ({
  layer: to,
  expected: term('wires', { n: 0 }),
  actual: `${from} → ${to}`
});

function twice([from, to]: Wire, edges: NetworkSpec['edges']): Words {
  const count = edges.filter((edge) => edge[0] === from && edge[1] === to).length;
  return { from, to, count, expected: term('wires', { n: 1 }), actual: term('wires', { n: count }) };
}

function meant(missing: string, known: ReadonlySet<string>): Words {
  const { choices: _, ...words } = among(missing, [...known]);
  return words;
}

/** One input layer to begin with. */
function inputsOf({ nodes }: NetworkSpec, { order }: Order): Problem[] {
  const inputs = nodes.filter(({ kind }) => kind === 'input');
  if (inputs.length === 1) return [];
  const place = {
    path: 'network.nodes',
    value: inputs.map(({ id }) => id),
    node: inputs[1]?.id ?? order[0]?.id ?? null
  };
  const texts = { expected: term('inputs', { n: 1 }), actual: term('inputs', { n: inputs.length }) };
  return [problem(inputs.length === 0 ? 'no-input' : 'several-inputs', place, { count: inputs.length, ...texts })];
}

function circleProblem({ entry, nodes }: Circle, { edges }: NetworkSpec): Problem {
  const round = roundFrom(entry, nodes, edges);
  const texts = { expected: round.slice(0, -1).join(' → '), actual: round.join(' → ') };
  return problem('circle', { path: 'network.edges', value: [...nodes], node: entry }, texts);
}

/** The shortest way from a layer back to itself. */
function roundFrom(entry: string, nodes: ReadonlySet<string>, edges: NetworkSpec['edges']): string[] {
  const cameFrom = new Map<string, string>();
  const open = [entry];
  for (const at of open)
    for (const [from, to] of edges)
      if (from === at && to !== from && nodes.has(to) && !cameFrom.has(to)) {
        cameFrom.set(to, at);
        open.push(to);
      }
  const round = [entry];
  do round.unshift(cameFrom.get(round[0]!)!);
  while (round[0] !== entry);
  return round;
}
