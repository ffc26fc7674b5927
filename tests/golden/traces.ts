/** The golden training runs as networks of ours. Not a test itself: Node follows them on every backend, Chromium on GPUs. */
import type { Kinded } from '../../src-worker/contract/fields.ts';
import type { Parameter, Plan } from '../../src-worker/plan/plan.ts';
import type { Shape } from '../../src-worker/plan/program.ts';
import { permute, toHwio } from './layouts.ts';
import { readGolden, type GoldenCase, type GoldenTensor } from './read.ts';

export interface TraceSetup {
  /** Behind the input, one after another; node n1 is the first. */
  readonly layers: readonly Kinded[];
  /** Of one example. */
  readonly shape: Shape;
  readonly examples: Float32Array;
  readonly labels: Int32Array;
  /** Row numbers of each step's batch. */
  readonly rows: readonly Int32Array[];
}

export function traceSetup({ params }: GoldenCase): TraceSetup {
  const { sum4, labels, batches } = readGolden('train_data').data!;
  const [steps, batchSize] = batches!.shape as [number, number];
  const [height, width] = sum4!.shape.slice(-2) as [number, number];
  return {
    layers: (params['network'] as string[]).map(layerOf),
    shape: [height, width, 1],
    examples: Float32Array.from(sum4!.data, (sum) => sum / 1020),
    labels: labels!.data as Int32Array,
    rows: Array.from({ length: steps }, (_, step) =>
      Int32Array.from(batches!.data.subarray(step * batchSize, (step + 1) * batchSize))
    )
  };
}

/** `conv 4 filters 3x3 same stride 1`, `maxpool 2x2 stride 2`, `flatten (32)`, `dense 10`, `relu`. */
function layerOf(text: string): Kinded {
  const numbers = Array.from(text.matchAll(/\d+/g), ([digits]) => Number(digits));
  const padding = /same|valid/.exec(text)?.[0];
  switch (text.split(' ')[0]) {
    case 'conv': {
      const [filters, kernel, kernelWidth, stride] = numbers;
      return { kind: 'conv2d', filters, kernel, kernelWidth, stride, padding };
    }
    case 'maxpool': {
      const [kernel, kernelWidth, stride] = numbers;
      return { kind: 'max-pool', kernel, kernelWidth, stride };
    }
    case 'dense':
      return { kind: 'dense', units: numbers[0] };
    case 'flatten':
    case 'relu':
      return { kind: text.split(' ')[0]! };
    default:
      throw new Error(`No layer is known for “${text}”.`);
  }
}

export interface TraceParameter {
  /** `K1`, `b1`, `W3` */
  readonly golden: string;
  readonly parameter: Parameter;
  /** The initial values, in our layout. */
  readonly ours: GoldenTensor['data'];
  /** Values of ours in the layout of the set. */
  toGolden(values: ArrayLike<number>): ArrayLike<number>;
}

/** The set's parameters come in the order of the layers, weights before biases: as ours do. */
export function traceStart({ inputs }: GoldenCase, layers: readonly Kinded[], plan: Plan): TraceParameter[] {
  return Object.entries(inputs).map(([golden, tensor], index) => {
    const parameter = plan.parameters[index]!;
    const order = toOurs({ ...tensor, data: Int32Array.from(tensor.data, (_, at) => at) });
    return {
      golden,
      parameter,
      ours: toOurs(tensor),
      toGolden(values) {
        const back = new Float32Array(order.length);
        for (const [at, from] of order.entries()) back[from] = values[at]!;
        return back;
      }
    };

    function toOurs({ shape, data }: GoldenTensor): GoldenTensor['data'] {
      if (shape.length === 4) return toHwio({ shape, data });
      const node = Number(parameter.node.slice(1));
      if (shape.length < 2 || layers[node - 2]?.kind !== 'flatten') return data;
      const [height, width, channels] = plan.tensors.find(({ name }) => name === `n${node - 2}.y`)!.shape as Shape3;
      return permute({ shape: [channels, height, width, shape[1]!], data }, [1, 2, 0, 3]);
    }
  });
}

type Shape3 = readonly [number, number, number];
