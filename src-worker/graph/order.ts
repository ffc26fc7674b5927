/** Order of computation: every layer behind all that feed it (Kahn 1962), with the faults that make such an order impossible. */
import type { NetworkSpec, NodeSpec } from '../contract/experiment.ts';
import { problem, type Problem } from '../contract/problems.ts';
import { among, type Words } from '../contract/refusal.ts';

export function orderOf(network: NetworkSpec): { order: NodeSpec[]; problems: Problem[] } {
  const problems = [...duplicateIds(network), ...looseWires(network), ...inputsOf(network)];
  if (problems.length > 0) return { order: [], problems };
  const waiting = new Map(network.nodes.map(({ id }) => [id, network.edges.filter(([, to]) => to === id).length]));
  const byId = new Map(network.nodes.map((node) => [node.id, node]));
  // Among layers that are ready, the order of the spec decides: the same network always gives the same plan.
  const ready = network.nodes.filter(({ id }) => waiting.get(id) === 0);
  const order: NodeSpec[] = [];
  for (let node = ready.shift(); node; node = ready.shift()) {
    order.push(node);
    for (const [from, to] of network.edges) {
      if (from !== node.id) continue;
      const left = waiting.get(to)! - 1;
      waiting.set(to, left);
      if (left === 0) ready.push(byId.get(to)!);
    }
  }
  const stuck = [...waiting].filter(([, left]) => left > 0).map(([id]) => id);
  if (stuck.length > 0) return { order: [], problems: [circleAmong(stuck, network)] };
  return { order, problems: [] };
}

function duplicateIds({ nodes }: NetworkSpec): Problem[] {
  return nodes.flatMap(({ id }, index) =>
    nodes.findIndex((node) => node.id === id) < index
      ? [problem('duplicate-id', { path: `network.nodes.${index}.id`, value: id, node: id })]
      : []
  );
}

function meant(missing: string, known: ReadonlySet<string>): Words {
  const { nearest } = among(missing, [...known]);
  return nearest === undefined ? {} : { nearest };
}

function looseWires({ nodes, edges }: NetworkSpec): Problem[] {
  const known = new Set(nodes.map(({ id }) => id));
  return edges.flatMap((edge, index) => {
    const place = { path: `network.edges.${index}`, value: edge };
    const missing = edge.find((id) => !known.has(id));
    if (missing !== undefined)
      return [
        problem(
          'wire-to-nowhere',
          { ...place, node: edge.find((id) => known.has(id)) ?? null },
          { layer: missing, ...meant(missing, known) }
        )
      ];
    const first = edges.findIndex(([from, to]) => from === edge[0] && to === edge[1]);
    return first < index ? [problem('wire-twice', { ...place, node: edge[1] })] : [];
  });
}

/** One input layer to begin with. */
function inputsOf({ nodes }: NetworkSpec): Problem[] {
  const problems: Problem[] = [];
  const inputs = nodes.filter(({ kind }) => kind === 'input');
  if (inputs.length !== 1)
    problems.push(
      problem(
        inputs.length === 0 ? 'no-input' : 'several-inputs',
        { path: 'network.nodes', value: inputs.map(({ id }) => id), node: inputs[1]?.id ?? nodes[0]?.id ?? null },
        { count: inputs.length, expected: 1, actual: inputs.length }
      )
    );
  return problems;
}

/** `stuck` layers wait for each other or merely follow those that do; the latter are taken off from the end. */
function circleAmong(stuck: string[], { edges }: NetworkSpec): Problem {
  const circle = new Set(stuck);
  for (let before = 0; before !== circle.size;) {
    before = circle.size;
    for (const id of circle) if (!edges.some(([from, to]) => from === id && circle.has(to))) circle.delete(id);
  }
  const [layer] = circle;
  const place = { path: 'network.edges', value: [...circle], node: layer ?? null };
  return problem('circle', place, { layers: [...circle].join(', ') });
}
