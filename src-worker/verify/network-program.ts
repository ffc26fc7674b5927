/** A network as a program from its input and the gradient of its output to its output and all gradients, that of the input among them. */
import type { NodeSpec } from '../contract/experiment.ts';
import { schemaOf } from '../contract/fields.ts';
import { layers } from '../layers/table.ts';
import { resolveNetwork } from '../graph/resolve-network.ts';
import { ProgramBuilder } from '../plan/builder.ts';
import { Feeds } from '../plan/feeds.ts';
import { placeLayers, recordBackward, recordForward, type PlannedLayers } from '../plan/planned-layers.ts';
import type { Op, Shape, Tensor } from '../plan/program.ts';
import type { Backend } from '../backends/backend.ts';

export interface NetworkOptions {
  /** Nodes behind the input node `x`, settings left out filled in. The last one is the output. */
  readonly nodes: readonly NodeSpec[];
  readonly edges: readonly [from: string, to: string][];
  /** Of one example. */
  readonly shape: Shape;
  readonly batchSize: number;
}

type Named = Readonly<Record<string, ArrayLike<number>>>;

/**
 * Runs both passes once. Takes `x`, `dy` and every parameter by `node.name`; answers `y`, `dx` and every parameter's gradient by
 * `node.dname`; without `dy` forward runs alone and there are no gradients. Throws when the layers do not fit together.
 */
export async function runNetwork(backend: Backend, options: NetworkOptions, given: Named): Promise<Named> {
  const { batchSize, shape, nodes } = options;
  const { builder, planned, weight } = place(options);
  const [first, last] = [planned.get('x')!, planned.get(nodes.at(-1)!.id)!];
  const ops: Op[] = [];
  const record = builder.record(ops);
  recordForward(record, planned, weight, 'training');
  if (given['dy']) recordBackward(record, planned, weight);
  const parameters = [...planned.values()].flatMap(({ layer, values, gradients }) =>
    Object.entries(values).map(([name, value]) => ({ id: layer.id, name, value, gradient: gradients[`d${name}`]! }))
  );
  const inputs = new Map<Tensor, ArrayLike<number>>([
    [first.y, given['x']!],
    ...(given['dy'] ? [[last.dy!, given['dy']] as const] : []),
    [weight, new Float32Array(batchSize).fill(1 / batchSize)],
    ...parameters.map(({ id, name, value }) => [value, given[`${id}.${name}`]!] as const)
  ]);
  const results = await backend.run({ batchSize, tensors: builder.tensors, ops }, inputs);
  const byId = new Map([...results].map(([tensor, values]) => [tensor.id, values]));
  const result = (tensor: Tensor) => {
    const values = byId.get(tensor.id);
    if (!values) throw new Error(`Nothing has written ${tensor.name} of the network on ${shape.join('×')}`);
    return values;
  };
  if (!given['dy']) return { y: result(last.y) };
  return {
    y: result(last.y),
    dx: result(first.dy!),
    ...Object.fromEntries(parameters.map(({ id, name, gradient }) => [`${id}.d${name}`, result(gradient)]))
  };
}

/** The input has a gradient of its own here, as no plan for training has. */
function place({ nodes, edges, shape }: NetworkOptions): {
  builder: ProgramBuilder;
  planned: PlannedLayers;
  weight: Tensor;
} {
  const filled = [{ id: 'x', kind: 'input' }, ...nodes].map(({ id, kind, ...settings }) => ({
    ...schemaOf(kind, layers[kind]!.config).parse({ kind, ...settings }),
    id
  }));
  const { layers: resolved, problems } = resolveNetwork({ nodes: filled, edges: [...edges] }, shape);
  if (problems.length > 0) throw new Error(problems[0]!.why);
  const builder = new ProgramBuilder();
  const feeds = new Feeds(builder, { shape, classes: 0 });
  const planned = placeLayers(builder, feeds, resolved, { inputGradient: true });
  return { builder, planned, weight: feeds.tensor({ kind: 'weight' }) };
}
