/** A small program around one layer, ready to run on any backend. */
import type { Backend } from '../backends/backend.ts';
import type { ConfigOf, Fields } from '../contract/fields.ts';
import { schemaOf } from '../contract/fields.ts';
import { isRefusal, type LayerDefinition, type ParameterRule } from '../layers/layer.ts';
import { ProgramBuilder } from '../plan/builder.ts';
import type { Op, Shape, Tensor } from '../plan/program.ts';

export interface LayerCase {
  readonly definition: LayerDefinition;
  /** Without `kind`; defaults are filled in. */
  readonly settings: Record<string, unknown>;
  readonly batchSize: number;
  readonly inputShape: Shape;
  /** Shapes of the second input and those behind it; as many as the layer needs of the first's shape unless given. */
  readonly moreInputs?: readonly Shape[];
}

export interface LayerProgram {
  /** x, more inputs x2, x3, …, y, dy, dx, dx2, …, every parameter and its gradient (`dW` of `W`), what the layer keeps (`kept.mask`). */
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly parameters: Readonly<Record<string, ParameterRule>>;
  /** `twice`: forward, and backward two times, as where two layers follow: every gradient is the double. */
  run(
    backend: Backend,
    inputs: Readonly<Record<string, ArrayLike<number>>>,
    passes?: 'forward' | 'both' | 'inference' | 'twice'
  ): Promise<Record<string, Float32Array | Float64Array>>;
}

/** null where the layer refuses such an input. */
export function layerProgram(of: LayerCase): LayerProgram | null {
  const { definition, settings, batchSize, inputShape } = of;
  const more = of.moreInputs ?? Array.from({ length: definition.inputs.min - 1 }, () => inputShape);
  const shapes = [inputShape, ...more];
  const { kind: _, ...filled } = schemaOf(definition.kind, definition.config).parse({
    kind: definition.kind,
    ...settings
  });
  const config = filled as ConfigOf<Fields>;
  const outputShape = definition.outputShape(shapes, config);
  if (isRefusal(outputShape)) return null;
  const builder = new ProgramBuilder();
  const example = (name: string, shape: Shape) => builder.tensor(name, shape, { perExample: true });
  const inputs = (prefix: string) =>
    shapes.map((shape, index) => example(index === 0 ? prefix : `${prefix}${index + 1}`, shape));
  const [xs, y, dy, dxs] = [inputs('x'), example('y', outputShape), example('dy', outputShape), inputs('dx')];
  const weight = example('weight', []);
  const keptRules = Object.entries(definition.keeps?.(shapes, config) ?? {});
  const kept = Object.fromEntries(
    keptRules.map(([name, { shape, perExample = true }]) => [
      name,
      builder.tensor(`kept.${name}`, shape, { perExample })
    ])
  );
  const passed = { x: xs[0]!, xs, y, dy, dx: dxs[0]!, dxs, weight, kept };
  const rules = Object.entries(definition.parameters?.(shapes, config) ?? {});
  const place = (prefix: string) =>
    Object.fromEntries(
      rules.map(([name, { shape }]) => [prefix + name, builder.tensor(prefix + name, shape, { perExample: false })])
    );
  const [values, gradients] = [place(''), place('d')];
  const named = Object.fromEntries(
    [...xs, y, dy, ...dxs, weight, ...Object.values(kept)].map((tensor) => [tensor.name, tensor])
  );
  const tensors: Record<string, Tensor> = { ...named, ...values, ...gradients };
  const forward: Op[] = [];
  definition.forward?.(builder.record(forward), passed, values, config);
  const backward = (times: number): Op[] => {
    const ops: Op[] = [];
    const record = builder.record(ops);
    for (let time = 0; time < times; time++) definition.backward?.(record, passed, values, gradients, config);
    return ops;
  };
  const inference: Op[] = [];
  (definition.inference ?? definition.forward)?.call(definition, builder.record(inference), passed, values, config);
  return {
    tensors,
    parameters: Object.fromEntries(rules),
    async run(backend, inputs, passes = 'both') {
      const ops = {
        both: [...forward, ...backward(1)],
        twice: [...forward, ...backward(2)],
        forward,
        inference
      }[passes];
      const equal = new Float64Array(batchSize).fill(1 / batchSize);
      const given = new Map(Object.entries({ weight: equal, ...inputs }).map(([name, data]) => [tensors[name]!, data]));
      const results = await backend.run({ batchSize, tensors: builder.tensors, ops }, given);
      return Object.fromEntries([...results].map(([tensor, data]) => [tensor.name, data]));
    }
  };
}
