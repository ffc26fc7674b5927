/** Scales of initial weights, and whether draws have them; no backend takes part. */
import { schemaOf, type ConfigOf, type Fields, type Kinded } from '../../contract/fields.ts';
import { randomStream } from '../../data/random.ts';
import type { Draw } from '../../initializers/initializer.ts';
import { initializers } from '../../initializers/table.ts';
import { layers } from '../../layers/table.ts';
import type { GoldenCase } from '../golden.ts';
import { listParam, param, textParam, Unsupported, type Limit, type Runner } from './case.ts';

/** The bound of a uniform draw, or the standard deviation of a normal one; and a sample that must look like it. */
export const initializer: Runner = (one) => {
  const init = initOf(textParam(one, 'rule'));
  const fans = fansOf(one);
  // A draw that always gives one standard deviation, or the lower end of the range.
  const [value] = fill(init, 1, { ...fans, normal: () => 1, uniform: () => 0 });
  return { outputs: { std: [value!], bound: [-value!] }, limits: sampleLimits(one, init, fans) };
};

/** `he_normal`, or with a number of its own `normal_0.01`. */
function initOf(rule: string): Kinded {
  const [, name, std] = /^([a-z_]+?)(?:_(\d[\d.e-]*))?$/.exec(rule) ?? [];
  const kind = (name ?? rule).replaceAll('_', '-');
  const definition = initializers[kind];
  if (!definition) throw new Unsupported(`there is no rule “${rule}” for initial weights here`);
  return schemaOf(kind, definition.config).parse({ kind, ...(std !== undefined && { std: Number(std) }) });
}

type Fans = Pick<Draw, 'shape' | 'fanIn' | 'fanOut'>;

/** As the layer of such weights has them, [in, out] or [out, in, height, width]. */
function fansOf(one: GoldenCase): Fans {
  const shape = listParam<number>(one, 'shape');
  const [kind, input, settings] =
    shape.length === 4
      ? (['conv2d', [64, 64, shape[1]!], { filters: shape[0], kernel: shape[2], kernelWidth: shape[3] }] as const)
      : (['dense', [shape[0]!], { units: shape[1] }] as const);
  const config = schemaOf(kind, layers[kind]!.config).parse({ kind, ...settings });
  const { W } = layers[kind]!.parameters!([input], config as unknown as ConfigOf<Fields>);
  return { shape: W!.shape, fanIn: W!.fanIn, fanOut: W!.fanOut };
}

/** In float64: the rule itself, without the rounding of the weights. */
function fill(init: Kinded, size: number, draw: Draw): Float64Array {
  const values = new Float64Array(size);
  initializers[init.kind]!.fill(values as unknown as Float32Array, draw, init as unknown as ConfigOf<Fields>);
  return values;
}

interface SampleCheck {
  readonly n: number;
  readonly abs_mean_below: number;
  readonly abs_std_ratio_error_below: number;
}

function sampleLimits(one: GoldenCase, init: Kinded, fans: Fans): Limit[] {
  const check = one.facts['sample_check'] as SampleCheck | undefined;
  const target = one.facts['std'] as number | undefined;
  if (!check || target === undefined) return [];
  const values = fill(init, check.n, { ...fans, ...randomOf(one.name) });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return [
    { name: 'mean of a sample', value: Math.abs(mean), below: check.abs_mean_below },
    { name: 'deviation of a sample', value: Math.abs(std / target - 1), below: check.abs_std_ratio_error_below }
  ];
}

function randomOf(name: string): Pick<Draw, 'normal' | 'uniform'> {
  const random = randomStream(1, `init/${name}`);
  return { normal: () => random.normal(), uniform: () => random.uniform() };
}

/** All products of two columns, or of two rows where there are more columns: those of a vector with itself, and the others. */
export const orthogonal: Runner = (one) => {
  const shape = listParam<number>(one, 'shape');
  const [rows, columns] = shape as [number, number];
  const gain = param(one, 'gain', 1);
  const init = schemaOf('orthogonal', initializers['orthogonal']!.config).parse({ kind: 'orthogonal', gain });
  const values = fill(init, rows * columns, { shape, fanIn: rows, fanOut: columns, ...randomOf(one.name) });
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const at = (vector: number, i: number) => values[rows >= columns ? i * columns + vector : vector * columns + i]!;
  const product = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += at(a, i) * at(b, i);
    return sum;
  };
  const own = Array.from({ length: count }, (_, a) => product(a, a));
  const others = own.flatMap((_, a) => Array.from({ length: a }, (_value, b) => product(a, b)));
  const farthest = (list: readonly number[], from: number) =>
    list.reduce((worst, value) => (Math.abs(value - from) > Math.abs(worst - from) ? value : worst), from);
  return { outputs: { gram_diagonal: [farthest(own, gain ** 2)], gram_off_diagonal: [farthest(others, 0)] } };
};
