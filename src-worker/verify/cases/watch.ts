/**
 * Notices what of a case its runner never looks at: a parameter or an input that would change the numbers, had anybody read it. Such a
 * case asks for something that is not computed here, whatever the numbers look like.
 */
import type { GoldenCase } from '../golden.ts';

/** Parameters that only describe: the shapes of the inputs say the same, or it belongs to how the case was made. */
const descriptive = new Set([
  ...['in', 'out', 'in_features', 'out_features', 'units', 'hidden', 'features', 'num_features', 'classes', 'K', 'N'],
  ...['filters', 'channels', 'in_channels', 'out_channels', 'kernel', 'kernel_size', 'shape', 'input_shape', 'bias'],
  ...['batch', 'batch_size', 'steps', 'seed', 'data', 'fan_in', 'fan_out', 'distribution', 'layout', 'affine'],
  ...['name', 'note', 'comment', 'description', 'source', 'reference']
]);

/** Parameters and the value that changes nothing: what everything here does anyway. */
const ordinary: Readonly<Record<string, unknown>> = {
  ...{ dilation: 1, groups: 1, ceil_mode: false, return_indices: false, padding_mode: 'zeros', divisor_override: null },
  ...{ reduction: 'mean', label_smoothing: 0, ignore_index: -100, normalize_by: 'sum of weights' },
  ...{ beta: 1, threshold: 20, inplace: false, start_dim: 1, end_dim: -1, norm_type: 2, gain: 1 },
  ...{ momentum: 0, dampening: 0, nesterov: false, weight_decay: 0, amsgrad: false, centered: false, maximize: false },
  ...{ lr_decay: 0, initial_accumulator_value: 0 }
};

const isOrdinary = (name: string, value: unknown): boolean =>
  Object.hasOwn(ordinary, name) && [value].flat().every((part) => part === ordinary[name]);

export interface Watched {
  readonly one: GoldenCase;
  /** `params.dilation = 2`, `inputs.class_weights`. */
  unread(): string[];
}

/** The case as a runner should get it. */
export function watched(one: GoldenCase): Watched {
  const [params, inputs] = [noting(one.params), noting(one.inputs)];
  return {
    one: { ...one, params: params.of, inputs: inputs.of },
    unread: () => [
      ...params
        .unread()
        .filter((name) => !descriptive.has(name) && !isOrdinary(name, one.params[name]))
        .map((name) => `params.${name} = ${JSON.stringify(one.params[name])}`),
      ...inputs.unread().map((name) => `inputs.${name}`)
    ]
  };
}

function noting<T extends object>(of: T): { of: T; unread(): string[] } {
  const read = new Set<PropertyKey>();
  const proxy = new Proxy(of, {
    get(target, name) {
      read.add(name);
      return Reflect.get(target, name) as unknown;
    }
  });
  return { of: proxy, unread: () => Object.keys(of).filter((name) => !read.has(name)) };
}
