/** Faults of the wires alone, whatever the layers are: ids and wires that are there twice or lead nowhere, circles, inputs. */
import type { NetworkSpec } from '../contract/experiment.ts';
import { problem, type Problem } from '../contract/problems.ts';
import { among, type Words } from '../contract/refusal.ts';
import type { Circle, Order } from './order.ts';

export function wiringProblems(network: NetworkSpec, order: Order): Problem[] {
  const circles = order.circles.map((circle) => circleProblem(circle));
  return [...duplicateIds(network), ...badWires(network), ...inputsOf(network, order), ...circles];
}

function duplicateIds({ nodes }: NetworkSpec): Problem[] {
  const seen = new Set<string>();
  return nodes.flatMap(({ id }, index) => {
    if (!seen.has(id)) return (seen.add(id), []);
    return [problem('duplicate-id', { path: `network.nodes.${index}.id`, value: id, node: id })];
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
    if (edge[0] === edge[1]) return [problem('wire-to-itself', { ...place, node: edge[1] }, { layer: edge[1] })];
    const key = edge.join(' ');
    if (seen.has(key)) return [problem('wire-twice', { ...place, node: edge[1] })];
    seen.add(key);
    return [];
  });
}

function meant(missing: string, known: ReadonlySet<string>): Words {
  const { nearest } = among(missing, [...known]);
  return nearest === undefined ? {} : { nearest };
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
  const texts = { expected: '1 input', actual: `${inputs.length} inputs` };
  return [problem(inputs.length === 0 ? 'no-input' : 'several-inputs', place, { count: inputs.length, ...texts })];
}

const circleProblem = ({ entry, nodes }: Circle): Problem =>
  problem('circle', { path: 'network.edges', value: [...nodes], node: entry }, { layers: [...nodes].join(', ') });
