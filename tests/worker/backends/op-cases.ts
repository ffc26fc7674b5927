/**
 * One program an operation, form and odd size, with what it must give according to plain float64 loops written for this purpose.
 *
 * Not a test itself: Node runs the cases on the kernels in JavaScript, Chromium on WebGL 2 and WebGPU.
 */
import { parseFormula } from '../../../src-worker/formula/parse.ts';
import { sizeOf, type MatmulOp, type Shape, type Tensor } from '../../../src-worker/plan/program.ts';
import { imageCases } from './image-cases.ts';
import { Bench, type OpCase } from './op-bench.ts';

/** Largest difference, in tolerances. Infinite where a tensor is missing, of another length or, but where it should be, not a number. */
export function worstOf({ expected, tolerance }: OpCase, got: ReadonlyMap<Tensor, ArrayLike<number>>): number {
  let worst = 0;
  for (const [tensor, values] of expected) {
    const found = got.get(tensor);
    if (found?.length !== values.length) return Infinity;
    for (const [i, value] of values.entries()) {
      if (Number.isNaN(value) && Number.isNaN(found[i])) continue;
      const ratio = Math.abs(found[i]! - value) / (tolerance * (1 + Math.abs(value)));
      worst = Math.max(worst, Number.isNaN(ratio) ? Infinity : ratio);
    }
  }
  return worst;
}

export function opCases(): OpCase[] {
  return [...matmulCases(), ...sumRowsCases(), ...mapCases(), ...crossEntropyCases(), ...imageCases()];
}

function matmulCases(): OpCase[] {
  const sizes = [
    [1, 1, 1],
    [1, 7, 3],
    [5, 1, 4],
    [3, 9, 1],
    [17, 33, 13]
  ] as const;
  const extras = [{}, { bias: true }, { add: true }, { bias: true, add: true }] as const;
  return (['NN', 'TN', 'NT'] as const).flatMap((form) =>
    sizes.flatMap((size) => extras.map((extra) => matmulCase(form, size, extra)))
  );
}

/** In `TN` the sum runs over the batch; in the other forms a and y are per example. */
function matmulCase(
  form: MatmulOp['form'],
  [m, k, n]: readonly [number, number, number],
  extra: { readonly bias?: true; readonly add?: true }
): OpCase {
  const title = `matmul ${form} ${m}×${k}×${n}${extra.bias ? ' with bias' : ''}${extra.add ? ', added' : ''}`;
  const overBatch = form === 'TN';
  const bench = new Bench(title, overBatch ? k : m);
  const a = overBatch ? bench.input('a', [m], true) : bench.input('a', [k], true);
  const b = overBatch ? bench.input('b', [n], true) : bench.input('b', form === 'NT' ? [n, k] : [k, n], false);
  const bias = extra.bias ? bench.input('bias', [n], false) : null;
  const [va, vb, vbias] = [a, b, bias].map((tensor) => tensor && bench.inputs.get(tensor)!);
  const before = new Float32Array(m * n).map((_, i) => Math.sin(i));
  const y = bench.output('y', overBatch ? [m, n] : [n], !overBatch, (at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = (vbias?.[j] ?? 0) + (extra.add ? before[at]! : 0);
    for (let p = 0; p < k; p++)
      sum += (form === 'TN' ? va![p * m + i]! : va![i * k + p]!) * (form === 'NT' ? vb![j * k + p]! : vb![p * n + j]!);
    return sum;
  });
  if (extra.add) bench.inputs.set(y, before);
  return bench.finish([{ op: 'matmul', form, a, b, y, bias, add: extra.add ?? false }], 1e-6 * Math.sqrt(k));
}

function sumRowsCases(): OpCase[] {
  const sizes = [
    [1, 1],
    [1, 5],
    [7, 1],
    [19, 6]
  ] as const;
  return sizes.flatMap(([rows, columns]) =>
    [false, true].map((add) => {
      const bench = new Bench(`sumRows ${rows}×${columns}${add ? ', added' : ''}`, rows);
      const x = bench.input('x', [columns], true);
      const before = new Float32Array(columns).map((_, i) => Math.cos(i));
      const y = bench.output('y', [columns], false, (j) => {
        let sum = add ? before[j]! : 0;
        for (let row = 0; row < rows; row++) sum += bench.inputs.get(x)![row * columns + j]!;
        return sum;
      });
      if (add) bench.inputs.set(y, before);
      return bench.finish([{ op: 'sumRows', x, y, add }], 1e-6);
    })
  );
}

type Elements = Record<string, number>;
interface MapRule {
  readonly formula: string;
  readonly constants?: Record<string, number>;
  /** Inputs, as a map from −1 … 1 to where the function is of interest. */
  readonly draw: Record<string, (u: number) => number>;
  readonly want: (x: Elements) => Elements;
}

const between = (low: number, high: number) => (u: number) => low + (high - low) * u;
const mapRules: MapRule[] = [
  { formula: 'y = max(x, 0)', draw: { x: between(-1, 1) }, want: ({ x }) => ({ y: Math.max(x!, 0) }) },
  { formula: 'y = min(x, 0.25)', draw: { x: between(-1, 1) }, want: ({ x }) => ({ y: Math.min(x!, 0.25) }) },
  {
    formula: 'dx = select(y, dy, 0)',
    draw: { y: between(-1, 1), dy: between(-2, 2) },
    want: ({ y, dy }) => ({ dx: y! > 0 ? dy! : 0 })
  },
  {
    formula: 'y = 1 / (1 + exp(-x))',
    draw: { x: between(-100, 100) },
    want: ({ x }) => ({ y: 1 / (1 + Math.exp(-x!)) })
  },
  { formula: 'y = tanh(x)', draw: { x: between(-3, 3) }, want: ({ x }) => ({ y: Math.tanh(x!) }) },
  { formula: 'y = tanh(x)', draw: { x: between(-1000, 1000) }, want: ({ x }) => ({ y: Math.tanh(x!) }) },
  {
    formula: 'dx = dy * (1 - y^2)',
    draw: { y: between(-1, 1), dy: between(-1, 1) },
    want: ({ y, dy }) => ({ dx: dy! * (1 - y! * y!) })
  },
  { formula: 'y = -x^3 / 3', draw: { x: between(-2, 2) }, want: ({ x }) => ({ y: -(x! ** 3) / 3 }) },
  {
    formula: 'y = sign(x) * sqrt(abs(x)) + step(x)',
    draw: { x: between(-4, 4) },
    want: ({ x }) => ({ y: Math.sign(x!) * Math.sqrt(Math.abs(x!)) + (x! > 0 ? 1 : 0) })
  },
  { formula: 'y = log(x)', draw: { x: between(0.01, 50) }, want: ({ x }) => ({ y: Math.log(x!) }) },
  { formula: 'y = 2', draw: {}, want: () => ({ y: 2 }) },
  {
    formula: 'y = x - low * 2',
    constants: { low: -1.5 },
    draw: { x: between(-1, 1) },
    want: ({ x }) => ({ y: x! + 3 })
  },
  {
    formula: `twice = 2 * x
      m = beta * m + (1 - beta) * twice
      w = w - rate * m / (sqrt(abs(m)) + 1e-8)`,
    constants: { beta: 0.9, rate: 0.001 },
    draw: { x: between(-1, 1), m: between(-1, 1), w: between(-1, 1) },
    want({ x, m, w }) {
      const next = 0.9 * m! + 0.1 * 2 * x!;
      return { m: next, w: w! - (0.001 * next) / (Math.sqrt(Math.abs(next)) + 1e-8) };
    }
  }
];

function mapCases(): OpCase[] {
  const sizes = [
    [1, [1]],
    [3, [5, 7, 2]]
  ] as const;
  return mapRules.flatMap((rule, index) =>
    sizes.flatMap(([batchSize, shape]) => [false, true].map((add) => mapCase(rule, index, { batchSize, shape, add })))
  );
}

function mapCase(
  { formula: text, constants = {}, draw, want }: MapRule,
  index: number,
  to: { batchSize: number; shape: Shape; add: boolean }
): OpCase {
  const { batchSize, shape, add } = to;
  const formula = parseFormula(text);
  const bench = new Bench(
    `map ${index} “${text.split('\n')[0]}” on ${batchSize} of ${shape.join('×')}${add ? ', added' : ''}`,
    batchSize
  );
  const tensors: Record<string, Tensor> = {};
  for (const [name, at] of Object.entries(draw)) tensors[name] = bench.input(name, shape, true, at);
  const given = Object.entries(tensors).map(([name, tensor]) => [name, bench.inputs.get(tensor)!] as const);
  const wanted = (i: number) => want(Object.fromEntries(given.map(([name, values]) => [name, values[i]!])));
  const size = batchSize * sizeOf(shape);
  for (const target of Object.keys(wanted(0))) {
    tensors[target] ??= bench.builder.tensor(target, shape, { perExample: true });
    const tensor = tensors[target];
    if (add && !bench.inputs.has(tensor))
      bench.inputs.set(
        tensor,
        new Float32Array(size).map((_, i) => Math.sin(i))
      );
    const before = bench.inputs.get(tensor);
    bench.expected.set(
      tensor,
      Float64Array.from({ length: size }, (_, i) => wanted(i)[target]! + (add ? before![i]! : 0))
    );
  }
  return bench.finish([{ op: 'map', formula, tensors, constants, grid: null, axes: {}, add }], 2e-6);
}

function crossEntropyCases(): OpCase[] {
  const draws: [string, (uniform: number, i: number) => number][] = [
    ['ordinary logits', (u) => 6 * u - 3],
    ['logits up to ±10 000', (u) => 20_000 * u - 10_000],
    ['ties', (_, i) => (i * 7) % 3]
  ];
  const sizes = [
    [1, 1],
    [1, 10],
    [5, 2],
    [9, 33]
  ] as const;
  return draws.flatMap(([about, draw]) =>
    sizes.flatMap(([batchSize, classes]) =>
      [true, false].map((gradient) => crossEntropyCase(about, draw, { batchSize, classes, gradient }))
    )
  );
}

function crossEntropyCase(
  about: string,
  draw: (uniform: number, i: number) => number,
  { batchSize, classes, gradient }: { batchSize: number; classes: number; gradient: boolean }
): OpCase {
  const bench = new Bench(
    `softmaxCrossEntropy ${batchSize}×${classes}, ${about}${gradient ? ', with gradient' : ''}`,
    batchSize
  );
  const logits = bench.input('logits', [classes], true, draw);
  const labels = bench.input('labels', [], true, (u) => Math.floor(u * classes));
  // The last row only fills the batch up.
  const weight = bench.input('weight', [], true, (_, i) => (i === batchSize - 1 && batchSize > 1 ? 0 : 0.25));
  const [z, label, factor] = [logits, labels, weight].map((tensor) => bench.inputs.get(tensor)!) as [
    Float32Array,
    Float32Array,
    Float32Array
  ];
  const row = (b: number) => Array.from(z.subarray(b * classes, (b + 1) * classes));
  const logSum = (b: number) => {
    const largest = Math.max(...row(b));
    return largest + Math.log(row(b).reduce((sum, value) => sum + Math.exp(value - largest), 0));
  };
  const loss = bench.output('loss', [], true, (b) => logSum(b) - row(b)[label[b]!]!);
  const correct = bench.output('correct', [], true, (b) => (row(b).indexOf(Math.max(...row(b))) === label[b] ? 1 : 0));
  const dlogits = gradient
    ? bench.output('dlogits', [classes], true, (i) => {
        const [b, j] = [Math.floor(i / classes), i % classes];
        return (Math.exp(row(b)[j]! - logSum(b)) - (j === label[b] ? 1 : 0)) * factor[b]!;
      })
    : null;
  return bench.finish([{ op: 'softmaxCrossEntropy', logits, labels, weight, loss, correct, dlogits }], 3e-6);
}
