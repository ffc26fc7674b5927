/**
 * A formula as one function of nested loops, the innermost axis of its tensors four elements at a time.
 *
 * The function takes an address for every tensor, a float32 for every part without tensors (formula/fold.ts) or the address of them all,
 * and the number of examples (or of elements, for flat axes): last, because it alone changes from call to call. Whatever does not change along an axis is computed outside of that axis' loop. Nothing is written
 * behind the end of a tensor; up to 12 bytes there are read.
 *
 * Loops of a `map` follow the axes. Those of a `reduce` over the last axis run over the axes of the targets and, within, over the
 * others: sums stay in vectors and are added across the lanes at the end. Where the targets have the last axis, blocks of columns are
 * summed over all the rest, one accumulator for every four columns.
 */
import { F32, I32, op, V128, type Code, type FunctionCode } from './assembler.ts';
import { BLOCK, LoopPlan, type LoopRule, type Summed } from './loop-plan.ts';

export class LoopEmitter {
  readonly plan: LoopPlan;
  readonly #types: number[] = [];
  readonly #locals = new Map<string, number>();
  /** The strip that is being written: vectors, elements in the last of them, and where it begins behind the pointers. */
  #strip = { vectors: 1, lanes: 4, offset: 0 };

  constructor(rule: LoopRule) {
    this.plan = new LoopPlan(rule);
  }

  emit(name: string): FunctionCode {
    const counted = this.plan.order.find(({ isCounted }) => isCounted);
    const parameters = this.#parameters;
    const count = counted
      ? [
          ...op.get(parameters.length - 1),
          ...op.i32(counted.length),
          ...op.multiplyI32,
          ...op.set(this.#local('count', I32))
        ]
      : [];
    const body = [...count, ...this.#values(-1), ...this.#nest(0)];
    return { name, parameters, locals: this.#types, body };
  }

  get #parameters(): number[] {
    const { tensors, storedUniforms } = this.plan.rule;
    const uniforms = storedUniforms ? [I32] : this.plan.graph.folded.uniforms.map(() => F32);
    return [...tensors.map(() => I32), ...uniforms, I32];
  }

  #local(key: string, type: number): number {
    const known = this.#locals.get(key);
    if (known !== undefined) return known;
    const number = this.#parameters.length + this.#types.length;
    this.#types.push(type);
    this.#locals.set(key, number);
    return number;
  }

  // Loops

  #nest(level: number): Code {
    if (!this.plan.isSum || level !== this.plan.firstReduced) return this.#loops(level);
    return [...this.#resetSums(), ...this.#resetTotals(), ...this.#loops(level), ...this.#finish()];
  }

  #loops(level: number): Code {
    if (level === this.plan.order.length) return this.plan.isSum ? this.#accumulate() : this.#storeResults();
    return level === this.plan.vectorLevel ? this.#vectorLoop(level) : this.#plainLoop(level);
  }

  #plainLoop(level: number): Code {
    const { length, isCounted } = this.plan.order[level]!;
    const isOuter = this.plan.blocks === 'outer' && level === this.plan.firstReduced;
    const body = [
      ...(isOuter ? this.#resetSums() : []),
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
    if (this.plan.blocks !== 'inner' || level !== this.plan.order.length - 1) {
      const code = [...turns, ...op.set(counter)];
      return mayBeNone ? [...code, ...op.get(counter), ...op.when(loop)] : [...code, ...loop];
    }
    const left = this.#local(`left ${level}`, I32);
    const block = [
      ...[...op.get(left), ...op.i32(BLOCK), ...op.get(left), ...op.i32(BLOCK), ...op.lessI32, ...op.select],
      ...op.set(counter),
      ...[...op.get(left), ...op.get(counter), ...op.subI32, ...op.set(left)],
      ...this.#resetSums(),
      ...loop,
      ...this.#collect(),
      ...op.get(left)
    ];
    return [...turns, ...op.set(left), ...op.get(left), ...op.when(op.loop(block))];
  }

  /** Strips of whole vectors, then what is left over. */
  #vectorLoop(level: number): Code {
    const { length, isCounted } = this.plan.order[level]!;
    return [...this.#enter(level), ...(isCounted ? this.#countedStrips(level) : this.#fixedStrips(level, length))];
  }

  #fixedStrips(level: number, length: number): Code {
    const perStrip = 4 * this.plan.width;
    const strips = Math.floor(length / perStrip);
    const left = length - strips * perStrip;
    const isLoop = strips > 1;
    const body = strips > 0 ? this.#write(level, { vectors: this.plan.width, lanes: 4, offset: 0 }) : [];
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
    const perStrip = 4 * this.plan.width;
    const count = op.get(this.#local('count', I32));
    const left = this.#local('elements left', I32);
    const strip = [
      ...this.#write(level, { vectors: this.plan.width, lanes: 4, offset: 0 }),
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
    return this.plan.blocks === 'inner' && level === this.plan.order.length - 1;
  }

  #inBlock(body: Code): Code {
    return [...this.#resetSums(), ...body, ...this.#collect()];
  }

  // Pointers

  #pointer(level: number, tensor: string): Code {
    for (let at = level; at >= 0; at--)
      if (this.plan.order[at]!.strides[tensor] !== 0) return op.get(this.#local(`at ${at} ${tensor}`, I32));
    return op.get(this.plan.rule.tensors.indexOf(tensor));
  }

  #moving(level: number): string[] {
    return this.plan.rule.tensors.filter((tensor) => this.plan.order[level]!.strides[tensor] !== 0);
  }

  #enter(level: number): Code {
    return this.#moving(level).flatMap((tensor) => [
      ...this.#pointer(level - 1, tensor),
      ...op.set(this.#local(`at ${level} ${tensor}`, I32))
    ]);
  }

  #advance(level: number, elements: number): Code {
    const { strides } = this.plan.order[level]!;
    return this.#moving(level).flatMap((tensor) => [
      ...this.#pointer(level, tensor),
      ...op.i32(4 * elements * strides[tensor]!),
      ...op.addI32,
      ...op.set(this.#local(`at ${level} ${tensor}`, I32))
    ]);
  }

  // Values

  #valueAt(number: number, vector: number): number {
    return this.#local(`value ${number} ${this.plan.isVector[number] ? vector : 0}`, V128);
  }

  /** Computes what has to be known at the beginning of a turn of a loop; of level −1, before all loops. */
  #values(level: number): Code {
    const { values } = this.plan.graph;
    const numbers = values
      .map((_, number) => number)
      .filter((number) => this.plan.isUsed[number] && this.plan.levels[number] === level);
    return numbers.flatMap((number) => {
      const copies = this.plan.isVector[number] ? this.#strip.vectors : 1;
      return Array.from({ length: copies }, (_, vector) => [
        ...this.#compute(number, vector, level),
        ...op.set(this.#valueAt(number, vector))
      ]).flat();
    });
  }

  #compute(number: number, vector: number, level: number): Code {
    const value = this.plan.graph.values[number]!;
    switch (value.kind) {
      case 'load':
        return this.#load(value.tensor, this.plan.isVector[number] ? vector : null, level);
      case 'uniform':
        return this.#uniform(value.index);
      case 'constant':
        return value.code;
      case 'apply':
        return [...value.args.flatMap((arg) => op.get(this.#valueAt(arg, vector))), ...value.code];
      default:
        return value satisfies never;
    }
  }

  #uniform(index: number): Code {
    const { tensors, storedUniforms } = this.plan.rule;
    return storedUniforms
      ? [...op.get(tensors.length), ...op.loadSplat(4 * index)]
      : [...op.get(tensors.length + index), ...op.splat];
  }

  #load(tensor: string, vector: number | null, level: number): Code {
    const { pieces } = this.plan.rule;
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
    const level = this.plan.order.length - 1;
    return this.plan.targets.flatMap((target) =>
      Array.from({ length: this.#strip.vectors }, (_, vector) =>
        this.#store(target, level, vector, op.get(this.#valueAt(this.plan.graph.results.get(target)!, vector)))
      ).flat()
    );
  }

  #store(target: string, level: number, vector: number, value: Code): Code {
    const { vectors, lanes, offset } = this.#strip;
    const at = offset + 16 * vector;
    const address = this.#pointer(level, target);
    const result = this.plan.rule.add ? [...address, ...op.load(at), ...value, ...op.add] : value;
    if (vector < vectors - 1 || lanes === 4) return [...address, ...result, ...op.store(at)];
    const kept = this.#local('result', V128);
    const lowest = [...address, ...op.get(kept), ...(lanes === 1 ? op.storeOne(at) : op.storeTwo(at))];
    const third = lanes === 3 ? [...address, ...op.get(kept), ...op.storeThird(at + 8)] : [];
    return [...result, ...op.set(kept), ...lowest, ...third];
  }

  // Sums

  #sum(term: number, vector: number): number {
    return this.#local(`sum ${term} ${vector}`, V128);
  }

  #total(target: string, vector: number): number {
    return this.#local(`total ${target} ${vector}`, V128);
  }

  get #combine(): Code {
    return this.plan.rule.reduce === 'max' ? op.max : op.add;
  }

  get #nothing(): Code {
    return [...op.f32(this.plan.rule.reduce === 'max' ? -Infinity : 0), ...op.splat];
  }

  /** Sums over the lanes have all their vectors, whatever the strip; those of columns have the strip's. */
  #eachVector(visit: (vector: number) => Code): Code {
    return Array.from({ length: this.plan.isAcross ? this.plan.width : this.#strip.vectors }, (_, at) =>
      visit(at)
    ).flat();
  }

  #resetSums(): Code {
    return this.plan.terms.flatMap((_, term) =>
      this.#eachVector((vector) => [...this.#nothing, ...op.set(this.#sum(term, vector))])
    );
  }

  #resetTotals(): Code {
    if (this.plan.blocks === 'none') return [];
    return this.plan.targets.flatMap((target) =>
      this.#eachVector((vector) => [...this.#nothing, ...op.set(this.#total(target, vector))])
    );
  }

  #collect(): Code {
    return this.plan.summed.flatMap((summed) =>
      this.#eachVector((vector) => {
        const total = this.#total(summed.target, vector);
        return [...op.get(total), ...this.#scaled(summed, vector), ...op.add, ...op.set(total)];
      })
    );
  }

  #scaled({ sum, factor }: Summed, vector: number): Code {
    const value = op.get(this.#sum(sum, vector));
    return factor === null ? value : [...value, ...op.get(this.#valueAt(factor, vector)), ...op.multiply];
  }

  #accumulate(): Code {
    const { vectors, lanes } = this.#strip;
    return this.plan.terms.flatMap((term, index) =>
      Array.from({ length: vectors }, (_, vector) => {
        const sum = this.#sum(index, vector);
        const value = op.get(this.#valueAt(term, vector));
        const isPart = this.plan.isAcross && vector === vectors - 1 && lanes < 4;
        return [...op.get(sum), ...(isPart ? this.#firstLanes(value, lanes) : value), ...this.#combine, ...op.set(sum)];
      }).flat()
    );
  }

  #firstLanes(value: Code, lanes: number): Code {
    const mask = op.vector([0, 1, 2, 3].map((lane) => (lane < lanes ? -1 : 0)) as [number, number, number, number]);
    return [...value, ...this.#nothing, ...mask, ...op.bitselect];
  }

  #finish(): Code {
    const level = this.plan.firstReduced - 1;
    const result = (summed: Summed, vector: number) =>
      this.plan.blocks === 'none' ? this.#scaled(summed, vector) : op.get(this.#total(summed.target, vector));
    if (!this.plan.isAcross)
      return this.plan.summed.flatMap((summed) =>
        this.#eachVector((vector) => this.#store(summed.target, level, vector, result(summed, vector)))
      );
    const across = this.#local('across', V128);
    const fold = (swap: Code): Code => [
      ...[...op.get(across), ...op.get(across), ...op.get(across), ...swap],
      ...[...this.#combine, ...op.set(across)]
    ];
    return this.plan.summed.flatMap((summed) => {
      const code: number[] = [...result(summed, 0)];
      for (let vector = 1; vector < this.plan.width; vector++) code.push(...result(summed, vector), ...this.#combine);
      code.push(...op.set(across), ...fold(op.swapHalves), ...fold(op.swapPairs));
      return [...code, ...this.#storeScalar(summed.target, level, across)];
    });
  }

  #storeScalar(target: string, level: number, value: number): Code {
    const address = this.#pointer(level, target);
    const before = this.plan.rule.add ? [...address, ...op.loadSplat(), ...op.get(value), ...op.add] : op.get(value);
    return [...address, ...before, ...op.storeOne()];
  }
}

const tee = (local: number): Code => [...op.set(local), ...op.get(local)];
