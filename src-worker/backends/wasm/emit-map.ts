/**
 * Formulas as SIMD loops: each becomes one function of a generated module, four elements a turn.
 *
 * A function takes the number of elements, an address for every tensor, and a float32 for every part without tensors
 * (formula/fold.ts). Of a gradient that lies in several shards it takes the first address and their distance, and adds them in order.
 */
import { foldFormula, type Folded, type FoldedFormula } from '../../formula/fold.ts';
import type { Formula, FunctionName } from '../../formula/parse.ts';
import type { Kernels } from '../../kernels/signatures.ts';
import { assemble, F32, I32, op, V128, type Code, type FunctionCode } from './assembler.ts';

export interface MapRule {
  readonly formula: Formula;
  /** The names of the formula that are tensors, in the order of their addresses. */
  readonly tensors: readonly string[];
  /** Add to the targets instead of overwriting them. */
  readonly add: boolean;
  /** A tensor that is the sum of `count` pieces at equal distances. */
  readonly pieces?: { readonly of: string; readonly count: number; readonly stride: number };
  /** Tensors whose values count as 0 where they are smaller than this. */
  readonly smallest?: Readonly<Record<string, number>>;
}

export interface CompiledMap {
  readonly folded: FoldedFormula;
  /** (elements, an address a tensor, a number a uniform) */
  readonly run: (...args: number[]) => void;
}

const vectorImports = ['exp4', 'log4', 'tanh4'] as const;

/** All maps of a plan in one module. Equal rules share one function. */
export function compileMaps(
  rules: readonly MapRule[],
  kernels: Kernels,
  memory: WebAssembly.Memory,
  shared: boolean
): CompiledMap[] {
  const keys = rules.map(({ formula, ...rest }) => JSON.stringify([formula.text, rest]));
  const distinct = rules.filter((_, i) => keys.indexOf(keys[i]!) === i);
  const folded = distinct.map(({ formula, tensors }) => foldFormula(formula, (name) => tensors.includes(name)));
  const functions = distinct.map((rule, i) => emit(`map${i}`, rule, folded[i]!));
  const module = new WebAssembly.Module(assemble(functions, vectorImports, shared));
  const { exp4, log4, tanh4 } = kernels;
  const { exports } = new WebAssembly.Instance(module, { env: { memory, exp4, log4, tanh4 } });
  const compiled = distinct.map((_, i) => ({ folded: folded[i]!, run: exports[`map${i}`] as CompiledMap['run'] }));
  const position = new Map(distinct.map((rule, i) => [keys[rules.indexOf(rule)]!, i]));
  return keys.map((key) => compiled[position.get(key)!]!);
}

/** Numbers of the function's locals. */
interface Places {
  readonly count: number;
  readonly address: (tensor: string) => number;
  readonly uniform: (index: number) => number;
  readonly vector: (name: string) => number;
  /** All bits but the sign, and the last size that counts as 0: constants that would otherwise be made anew in every turn. */
  readonly magnitude: number;
  readonly limit: (name: string) => number;
}

function emit(name: string, rule: MapRule, folded: FoldedFormula): FunctionCode {
  const { tensors, formula } = rule;
  const uniforms = folded.uniforms.length;
  const names = [...new Set([...tensors, ...formula.targets])];
  const limits = Object.entries(rule.smallest ?? {});
  const firstLocal = 1 + tensors.length + uniforms;
  const places: Places = {
    count: 0,
    address: (tensor) => 1 + tensors.indexOf(tensor),
    uniform: (index) => firstLocal + index,
    vector: (tensor) => firstLocal + uniforms + names.indexOf(tensor),
    magnitude: firstLocal + uniforms + names.length,
    limit: (tensor) => firstLocal + uniforms + names.length + 1 + limits.findIndex(([name]) => name === tensor)
  };
  const splats = folded.uniforms.flatMap((_, i) => [
    ...op.get(1 + tensors.length + i),
    ...op.splat,
    ...op.set(places.uniform(i))
  ]);
  const constants = [
    ...[...op.i32(0x7fffffff), ...op.splatI32, ...op.set(places.magnitude)],
    ...limits.flatMap(([name, limit]) => [...op.i32(bitsOf(limit) - 1), ...op.splatI32, ...op.set(places.limit(name))])
  ];
  const turn = (width: 4 | 1): Code => [
    ...elements(rule, folded, places, width),
    ...tensors.flatMap((tensor) => [
      ...op.get(places.address(tensor)),
      ...op.i32(4 * width),
      ...op.addI32,
      ...op.set(places.address(tensor))
    ]),
    ...[...op.get(places.count), ...op.i32(width), ...op.subI32, ...op.set(places.count)]
  ];
  const whileMoreThan = (left: number, body: Code): Code => {
    const test = [...op.i32(left), ...op.get(places.count), ...op.lessI32];
    return [...test, ...op.when(op.loop([...body, ...test]))];
  };
  return {
    name,
    parameters: [I32, ...tensors.map(() => I32), ...folded.uniforms.map(() => F32)],
    locals: [...folded.uniforms, ...names, 'magnitude', ...limits].map(() => V128),
    // The last elements one by one: the next shard's rows, on another thread, may begin right behind them.
    body: [...splats, ...constants, ...whileMoreThan(3, turn(4)), ...whileMoreThan(0, turn(1))]
  };
}

/** Loads, computes and stores four elements, or one. */
function elements(
  { formula, tensors, add, pieces, smallest = {} }: MapRule,
  folded: FoldedFormula,
  places: Places,
  width: 4 | 1
): Code {
  const keep = (name: string): Code => [
    ...op.set(places.vector(name)),
    ...(name in smallest ? zeroBelow(places.limit(name), places.vector(name), places) : [])
  ];
  const load = width === 4 ? op.load : op.loadOne;
  const store = width === 4 ? op.store : op.storeOne;
  const loads = formula.inputs
    .filter((name) => tensors.includes(name))
    .flatMap((name) => {
      const code = [...op.get(places.address(name)), ...load];
      for (let piece = 1; pieces?.of === name && piece < pieces.count; piece++)
        code.push(...op.get(places.address(name)), ...op.i32(piece * pieces.stride), ...op.addI32, ...load, ...op.add);
      return [...code, ...keep(name)];
    });
  const computed = folded.statements.flatMap(({ target, value }) => [...compute(value, places), ...keep(target)]);
  const stores = formula.targets
    .filter((name) => tensors.includes(name))
    .flatMap((name) => {
      const address = op.get(places.address(name));
      const value = op.get(places.vector(name));
      return add ? [...address, ...address, ...load, ...value, ...op.add, ...store] : [...address, ...value, ...store];
    });
  return [...loads, ...computed, ...stores];
}

/** Sets the lanes of a local whose size is below a limit to 0. Sizes compare like the integers with the same bits; NaN is above all. */
const zeroBelow = (limit: number, local: number, { magnitude }: Places): Code => [
  ...[...op.get(local), ...op.get(local), ...op.get(magnitude), ...op.and, ...op.get(limit)],
  ...[...op.greaterI32, ...op.and, ...op.set(local)]
];

const bitsOf = (value: number) => new Int32Array(Float32Array.of(value).buffer)[0]!;
const constant = (value: number): Code => [...op.f32(value), ...op.splat];
const isPositive = (x: Code): Code => [...x, ...constant(0), ...op.greater];

function compute(e: Folded, places: Places): Code {
  const of = (part: Folded) => compute(part, places);
  switch (e.type) {
    case 'uniform':
      return op.get(places.uniform(e.index));
    case 'name':
      return op.get(places.vector(e.name));
    case 'negate':
      return [...of(e.of), ...op.negate];
    case 'binary':
      return [
        ...of(e.left),
        ...of(e.right),
        ...{ '+': op.add, '-': op.subtract, '*': op.multiply, '/': op.divide }[e.operator]
      ];
    case 'call':
      return call(e.name, e.args.map(of));
    default:
      return e satisfies never;
  }
}

function call(name: FunctionName, [a, b, c]: Code[]): Code {
  switch (name) {
    case 'sqrt':
      return [...a!, ...op.sqrt];
    case 'abs':
      return [...a!, ...op.abs];
    case 'exp':
    case 'log':
    case 'tanh':
      return [...a!, ...op.call(vectorImports.indexOf(`${name}4`))];
    case 'sign':
      return [
        ...isPositive(a!),
        ...constant(1),
        ...op.and,
        ...[...constant(0), ...a!, ...op.greater, ...constant(1), ...op.and],
        ...op.subtract
      ];
    case 'step':
      return [...isPositive(a!), ...constant(1), ...op.and];
    case 'min':
      return [...a!, ...b!, ...op.min];
    case 'max':
      return [...a!, ...b!, ...op.max];
    case 'select':
      return [...b!, ...c!, ...isPositive(a!), ...op.bitselect];
    default:
      return name satisfies never;
  }
}
