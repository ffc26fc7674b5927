/**
 * A formula as one function of nested loops, the innermost axis of its tensors four elements at a time.
 *
 * The function takes the number of examples (or of elements, for flat axes), an address for every tensor, and a float32 for every part
 * without tensors (formula/fold.ts). Whatever does not change along an axis is computed outside of that axis' loop. Nothing is written
 * behind the end of a tensor; up to 12 bytes there are read.
 *
 * Loops of a `map` follow the axes. Those of a `reduce` over the last axis run over the axes of the targets and, within, over the
 * others: sums stay in vectors and are added across the lanes at the end. Where the targets have the last axis, blocks of columns are
 * summed over all the rest, one accumulator for every four columns.
 */
import type { Formula } from '../../formula/parse.ts';
import type { ReduceKind } from '../../plan/program.ts';
import { F32, I32, op, V128, type Code, type FunctionCode } from './assembler.ts';
import { formulaGraph, type FormulaGraph } from './formula-graph.ts';
import type { LoopAxis } from './loop-axes.ts';

export interface LoopRule {
  readonly formula: Formula;
  /** The names of the formula that are tensors, in the order of their addresses. */
  readonly tensors: readonly string[];
  readonly axes: readonly LoopAxis[];
  readonly reduce: ReduceKind | null;
  /** Add to the targets instead of overwriting them. */
  readonly add: boolean;
  /** A tensor that is the sum of `count` pieces at equal distances. */
  readonly pieces?: { readonly of: string; readonly count: number; readonly stride: number };
  /** Tensors whose values count as 0 where they are smaller than this. */
  readonly smallest?: Readonly<Record<string, number>>;
}

/** Terms that are added one after another before their sum joins the others': float32 would lose more over a longer run. */
const BLOCK = 256;

/** Where sums are collected in blocks: nowhere, in every turn of the outermost loop they run over, or every `BLOCK` turns. */
type Blocks = 'none' | 'outer' | 'inner';

export class LoopEmitter {
  readonly graph: FormulaGraph;
  readonly #rule: LoopRule;
  readonly #order: readonly LoopAxis[];
  readonly #vectorLevel: number;
  /** Number of the first loop that is summed over; that of all loops where none is. */
  readonly #firstReduced: number;
  readonly #blocks: Blocks;
  /** Vectors at a time. */
  readonly #width: number;
  /** By number of value. */
  readonly #levels: readonly number[];
  readonly #isVector: readonly boolean[];

  readonly #types: number[] = [];
  readonly #locals = new Map<string, number>();
  /** The strip that is being written: vectors, elements in the last of them, and where it begins behind the pointers. */
  #strip = { vectors: 1, lanes: 4, offset: 0 };

  constructor(rule: LoopRule) {
    this.#rule = rule;
    this.graph = formulaGraph(rule.formula, rule.tensors, rule.smallest);
    const last = rule.axes.at(-1)!;
    const isReduced = ({ strides }: LoopAxis) => rule.reduce !== null && strides[this.#targets[0]!] === 0;
    const kept = rule.axes.filter((axis) => !isReduced(axis));
    this.#order = [...kept, ...rule.axes.filter(isReduced)];
    this.#firstReduced = kept.length;
    this.#vectorLevel = this.#order.indexOf(last);
    const masks = this.#maskAxes();
    this.#levels = masks.map((mask) => this.#order.findLastIndex((_, level) => mask[level]));
    this.#isVector = masks.map((mask) => mask[this.#vectorLevel]!);
    this.#width = this.#chooseWidth();
    this.#blocks = this.#chooseBlocks();
  }

  emit(name: string): FunctionCode {
    const { tensors } = this.#rule;
    const uniforms = this.graph.folded.uniforms;
    const counted = this.#order.find(({ isCounted }) => isCounted);
    const count = counted
      ? [...op.get(0), ...op.i32(counted.length), ...op.multiplyI32, ...op.set(this.#local('count', I32))]
      : [];
    const body = [...count, ...this.#values(-1), ...this.#nest(0)];
    const parameters = [I32, ...tensors.map(() => I32), ...uniforms.map(() => F32)];
    return { name, parameters, locals: this.#types, body };
  }

  get #targets(): string[] {
    return [...this.graph.results.keys()];
  }

  get #isSum(): boolean {
    return this.#firstReduced < this.#order.length;
  }

  /** Whether the sums run over the vectors' own axis. */
  get #isAcross(): boolean {
    return this.#isSum && this.#vectorLevel >= this.#firstReduced;
  }

  /** By value: along which axes it varies. */
  #maskAxes(): boolean[][] {
    const masks: boolean[][] = [];
    for (const value of this.graph.values)
      masks.push(
        this.#order.map(({ strides }, level) => {
          if (value.kind === 'load') return strides[value.tensor] !== 0;
          return value.kind === 'apply' && value.args.some((arg) => masks[arg]![level]);
        })
      );
    return masks;
  }

  #chooseWidth(): number {
    const { values } = this.graph;
    const { length, isCounted } = this.#order[this.#vectorLevel]!;
    const most = isCounted ? Infinity : Math.ceil(length / 4);
    const perVector = values.filter(({ kind }, i) => kind === 'apply' && this.#isVector[i]);
    const hasCalls = perVector.some((value) => value.kind === 'apply' && value.code[0] === op.call(0)[0]);
    if (this.#isSum && !this.#isAcross) return Math.min(most, this.#targets.length <= 2 ? 4 : 2);
    if (hasCalls || perVector.length > 16) return 1;
    // A short row is written out as a whole.
    if (!this.#isSum && most <= 8 && perVector.length <= 12) return most;
    return Math.min(most, perVector.length > 6 ? 2 : 4);
  }

  #chooseBlocks(): Blocks {
    const reduced = this.#order.slice(this.#firstReduced);
    if (this.#rule.reduce !== 'sum' || reduced.length === 0) return 'none';
    const { length, isCounted } = reduced.at(-1)!;
    const turns = isCounted ? Infinity : length / (this.#isAcross ? 4 * this.#width : 1);
    if (turns > (reduced.length === 1 ? BLOCK : 2 * BLOCK)) return 'inner';
    return reduced.length === 1 ? 'none' : 'outer';
  }

  #local(key: string, type: number): number {
    const known = this.#locals.get(key);
    if (known !== undefined) return known;
    const { tensors } = this.#rule;
    const number = 1 + tensors.length + this.graph.folded.uniforms.length + this.#types.length;
    this.#types.push(type);
    this.#locals.set(key, number);
    return number;
  }

  // Loops

  #nest(level: number): Code {
    if (!this.#isSum || level !== this.#firstReduced) return this.#loops(level);
    return [...this.#reset('sum'), ...this.#reset('total'), ...this.#loops(level), ...this.#finish()];
  }

  #loops(level: number): Code {
    if (level === this.#order.length) return this.#isSum ? this.#accumulate() : this.#storeResults();
    return level === this.#vectorLevel ? this.#vectorLoop(level) : this.#plainLoop(level);
  }

  #plainLoop(level: number): Code {
    const { length, isCounted } = this.#order[level]!;
    const isOuter = this.#blocks === 'outer' && level === this.#firstReduced;
    const body = [
      ...(isOuter ? this.#reset('sum') : []),
      ...this.#values(level),
      ...this.#nest(level + 1),
      ...(isOuter ? this.#collect() : []),
      ...this.#advance(level, 1)
    ];
    const turns = isCounted ? op.get(this.#local('count', I32)) : op.i32(length);
    return [...this.#enter(level), ...this.#repeat(level, turns, isCounted, body)];
  }

  /** `body` so many times; in blocks where this is the loop for that. */
  #repeat(level: number, turns: Code, mayBeNone: boolean, body: Code): Code {
    const counter = this.#local(`turns ${level}`, I32);
    const loop = op.loop([...body, ...op.get(counter), ...op.i32(1), ...op.subI32, ...tee(counter)]);
    if (this.#blocks !== 'inner' || level !== this.#order.length - 1) {
      const code = [...turns, ...op.set(counter)];
      return mayBeNone ? [...code, ...op.get(counter), ...op.when(loop)] : [...code, ...loop];
    }
    const left = this.#local(`left ${level}`, I32);
    const block = [
      ...[...op.get(left), ...op.i32(BLOCK), ...op.get(left), ...op.i32(BLOCK), ...op.lessI32, ...op.select],
      ...op.set(counter),
      ...[...op.get(left), ...op.get(counter), ...op.subI32, ...op.set(left)],
      ...this.#reset('sum'),
      ...loop,
      ...this.#collect(),
      ...op.get(left)
    ];
    return [...turns, ...op.set(left), ...op.get(left), ...op.when(op.loop(block))];
  }

  /** Strips of whole vectors, then what is left over. */
  #vectorLoop(level: number): Code {
    const { length, isCounted } = this.#order[level]!;
    return [...this.#enter(level), ...(isCounted ? this.#countedStrips(level) : this.#fixedStrips(level, length))];
  }

  #fixedStrips(level: number, length: number): Code {
    const perStrip = 4 * this.#width;
    const strips = Math.floor(length / perStrip);
    const left = length - strips * perStrip;
    const isLoop = strips > 1;
    const body = strips > 0 ? this.#write(level, { vectors: this.#width, lanes: 4, offset: 0 }) : [];
    const whole = isLoop
      ? this.#repeat(level, op.i32(strips), false, [...body, ...this.#advance(level, perStrip)])
      : body;
    if (left === 0) return whole;
    const rest = this.#write(level, {
      vectors: Math.ceil(left / 4),
      lanes: left % 4 || 4,
      offset: isLoop ? 0 : 4 * strips * perStrip
    });
    return this.#isBlockedAt(level) ? [...whole, ...this.#inBlock(rest)] : [...whole, ...rest];
  }

  #countedStrips(level: number): Code {
    const perStrip = 4 * this.#width;
    const count = op.get(this.#local('count', I32));
    const left = this.#local('elements left', I32);
    const strip = [
      ...this.#write(level, { vectors: this.#width, lanes: 4, offset: 0 }),
      ...this.#advance(level, perStrip)
    ];
    const whole = this.#repeat(level, [...count, ...op.i32(Math.log2(perStrip)), ...op.shiftRightI32], true, strip);
    const few = (elements: number): Code => {
      const body = [
        ...this.#write(level, { vectors: 1, lanes: elements, offset: 0 }),
        ...this.#advance(level, elements),
        ...[...op.get(left), ...op.i32(elements), ...op.subI32, ...op.set(left)]
      ];
      const isMore = [...op.i32(elements - 1), ...op.get(left), ...op.lessI32];
      return [...isMore, ...op.when(op.loop([...body, ...isMore]))];
    };
    const rest = [...(perStrip > 4 ? few(4) : []), ...few(1)];
    return [
      ...whole,
      ...[...count, ...op.i32(perStrip - 1), ...op.andI32, ...op.set(left)],
      ...(this.#isBlockedAt(level) ? this.#inBlock(rest) : rest)
    ];
  }

  #write(level: number, strip: { vectors: number; lanes: number; offset: number }): Code {
    this.#strip = strip;
    return [...this.#values(level), ...this.#nest(level + 1)];
  }

  #isBlockedAt(level: number): boolean {
    return this.#blocks === 'inner' && level === this.#order.length - 1;
  }

  #inBlock(body: Code): Code {
    return [...this.#reset('sum'), ...body, ...this.#collect()];
  }

  // Pointers

  #pointer(level: number, tensor: string): Code {
    for (let at = level; at >= 0; at--)
      if (this.#order[at]!.strides[tensor] !== 0) return op.get(this.#local(`at ${at} ${tensor}`, I32));
    return op.get(1 + this.#rule.tensors.indexOf(tensor));
  }

  #moving(level: number): string[] {
    return this.#rule.tensors.filter((tensor) => this.#order[level]!.strides[tensor] !== 0);
  }

  #enter(level: number): Code {
    return this.#moving(level).flatMap((tensor) => [
      ...this.#pointer(level - 1, tensor),
      ...op.set(this.#local(`at ${level} ${tensor}`, I32))
    ]);
  }

  #advance(level: number, elements: number): Code {
    const { strides } = this.#order[level]!;
    return this.#moving(level).flatMap((tensor) => [
      ...this.#pointer(level, tensor),
      ...op.i32(4 * elements * strides[tensor]!),
      ...op.addI32,
      ...op.set(this.#local(`at ${level} ${tensor}`, I32))
    ]);
  }

  // Values

  #valueAt(number: number, vector: number): number {
    return this.#local(`value ${number} ${this.#isVector[number] ? vector : 0}`, V128);
  }

  /** Computes what has to be known at the beginning of a turn of a loop; of level −1, before all loops. */
  #values(level: number): Code {
    const { values } = this.graph;
    const numbers = values.map((_, number) => number).filter((number) => this.#levels[number] === level);
    return numbers.flatMap((number) => {
      const copies = this.#isVector[number] ? this.#strip.vectors : 1;
      return Array.from({ length: copies }, (_, vector) => [
        ...this.#compute(number, vector, level),
        ...op.set(this.#valueAt(number, vector))
      ]).flat();
    });
  }

  #compute(number: number, vector: number, level: number): Code {
    const value = this.graph.values[number]!;
    switch (value.kind) {
      case 'load':
        return this.#load(value.tensor, this.#isVector[number] ? vector : null, level);
      case 'uniform':
        return [...op.get(1 + this.#rule.tensors.length + value.index), ...op.splat];
      case 'constant':
        return value.code;
      case 'apply':
        return [...value.args.flatMap((arg) => op.get(this.#valueAt(arg, vector))), ...value.code];
      default:
        return value satisfies never;
    }
  }

  #load(tensor: string, vector: number | null, level: number): Code {
    const { pieces } = this.#rule;
    const [count, stride] = pieces?.of === tensor ? [pieces.count, pieces.stride] : [1, 0];
    const address = this.#pointer(level, tensor);
    const load = vector === null ? op.loadSplat : op.load;
    const at = vector === null ? 0 : this.#strip.offset + 16 * vector;
    const code = [...address, ...load(at)];
    for (let piece = 1; piece < count; piece++) code.push(...address, ...load(at + piece * stride), ...op.add);
    return code;
  }

  // Results

  #storeResults(): Code {
    const level = this.#order.length - 1;
    return this.#targets.flatMap((target) =>
      Array.from({ length: this.#strip.vectors }, (_, vector) =>
        this.#store(target, level, vector, op.get(this.#valueAt(this.graph.results.get(target)!, vector)))
      ).flat()
    );
  }

  #store(target: string, level: number, vector: number, value: Code): Code {
    const { vectors, lanes, offset } = this.#strip;
    const at = offset + 16 * vector;
    const address = this.#pointer(level, target);
    const result = this.#rule.add ? [...address, ...op.load(at), ...value, ...op.add] : value;
    if (vector < vectors - 1 || lanes === 4) return [...address, ...result, ...op.store(at)];
    const kept = this.#local('result', V128);
    const lowest = [...address, ...op.get(kept), ...(lanes === 1 ? op.storeOne(at) : op.storeTwo(at))];
    const third = lanes === 3 ? [...address, ...op.get(kept), ...op.storeThird(at + 8)] : [];
    return [...result, ...op.set(kept), ...lowest, ...third];
  }

  // Sums

  #sumOf(kind: 'sum' | 'total', target: string, vector: number): number {
    return this.#local(`${kind} ${target} ${vector}`, V128);
  }

  get #combine(): Code {
    return this.#rule.reduce === 'max' ? op.max : op.add;
  }

  get #nothing(): Code {
    return [...op.f32(this.#rule.reduce === 'max' ? -Infinity : 0), ...op.splat];
  }

  /** Sums over the lanes have all their vectors, whatever the strip; those of columns have the strip's. */
  #eachSum(visit: (target: string, vector: number) => Code): Code {
    const vectors = this.#isAcross ? this.#width : this.#strip.vectors;
    return this.#targets.flatMap((target) =>
      Array.from({ length: vectors }, (_, vector) => visit(target, vector)).flat()
    );
  }

  #reset(kind: 'sum' | 'total'): Code {
    if (kind === 'total' && this.#blocks === 'none') return [];
    return this.#eachSum((target, vector) => [...this.#nothing, ...op.set(this.#sumOf(kind, target, vector))]);
  }

  #collect(): Code {
    return this.#eachSum((target, vector) => {
      const [total, sum] = [this.#sumOf('total', target, vector), this.#sumOf('sum', target, vector)];
      return [...op.get(total), ...op.get(sum), ...op.add, ...op.set(total)];
    });
  }

  #accumulate(): Code {
    const { vectors, lanes } = this.#strip;
    return this.#targets.flatMap((target) =>
      Array.from({ length: vectors }, (_, vector) => {
        const sum = this.#sumOf('sum', target, vector);
        const value = op.get(this.#valueAt(this.graph.results.get(target)!, vector));
        const isPart = this.#isAcross && vector === vectors - 1 && lanes < 4;
        return [...op.get(sum), ...(isPart ? this.#firstLanes(value, lanes) : value), ...this.#combine, ...op.set(sum)];
      }).flat()
    );
  }

  #firstLanes(value: Code, lanes: number): Code {
    const mask = op.vector([0, 1, 2, 3].map((lane) => (lane < lanes ? -1 : 0)) as [number, number, number, number]);
    return [...value, ...this.#nothing, ...mask, ...op.bitselect];
  }

  #finish(): Code {
    const kind = this.#blocks === 'none' ? 'sum' : 'total';
    const level = this.#firstReduced - 1;
    if (!this.#isAcross)
      return this.#eachSum((target, vector) =>
        this.#store(target, level, vector, op.get(this.#sumOf(kind, target, vector)))
      );
    const across = this.#local('across', V128);
    const fold = (swap: Code): Code => [
      ...[...op.get(across), ...op.get(across), ...op.get(across), ...swap],
      ...[...this.#combine, ...op.set(across)]
    ];
    return this.#targets.flatMap((target) => {
      const code: number[] = [...op.get(this.#sumOf(kind, target, 0))];
      for (let vector = 1; vector < this.#width; vector++)
        code.push(...op.get(this.#sumOf(kind, target, vector)), ...this.#combine);
      code.push(...op.set(across), ...fold(op.swapHalves), ...fold(op.swapPairs));
      return [...code, ...this.#storeScalar(target, level, across)];
    });
  }

  #storeScalar(target: string, level: number, value: number): Code {
    const address = this.#pointer(level, target);
    const before = this.#rule.add ? [...address, ...op.loadSplat(), ...op.get(value), ...op.add] : op.get(value);
    return [...address, ...before, ...op.storeOne()];
  }
}

const tee = (local: number): Code => [...op.set(local), ...op.get(local)];
