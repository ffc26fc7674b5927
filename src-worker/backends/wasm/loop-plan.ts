/** A formula over axes, thought through before it becomes code: the order of the loops, and what is computed in which of them. */
import type { Formula } from '../../formula/parse.ts';
import type { ReduceKind } from '../../plan/program.ts';
import { op } from './assembler.ts';
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
  /** Its parts without tensors lie in memory one after another, and the function takes their address instead of them. */
  readonly storedUniforms?: boolean;
  /** Tensors whose values count as 0 where they are smaller than this. */
  readonly smallest?: Readonly<Record<string, number>>;
}

/** Terms that are added one after another before their sum joins the others': float32 would lose more over a longer run. */
export const BLOCK = 256;

/** A target of sums: `sum` of its own kind of terms, times `factor`, which does not vary from term to term (null: 1). */
export interface Summed {
  readonly target: string;
  readonly sum: number;
  readonly factor: number | null;
}

/** Where sums are collected in blocks: nowhere, in every turn of the outermost loop they run over, or every `BLOCK` turns. */
export type Blocks = 'none' | 'outer' | 'inner';

export class LoopPlan {
  readonly rule: LoopRule;
  readonly graph: FormulaGraph;
  /** Outermost first. */
  readonly order: readonly LoopAxis[];
  /** Number of the loop that goes by vectors. */
  readonly vectorLevel: number;
  /** Number of the first loop that is summed over; that of all loops where none is. */
  readonly firstReduced: number;
  readonly blocks: Blocks;
  /** Vectors at a time. */
  readonly width: number;
  /** By number of value: the loop in which it is computed, whether it differs from lane to lane, whether anybody wants it. */
  readonly levels: readonly number[];
  readonly isVector: readonly boolean[];
  readonly isUsed: readonly boolean[];
  /** What is summed: several targets may be the same sum with factors of their own. */
  readonly terms: readonly number[];
  readonly summed: readonly Summed[];

  constructor(rule: LoopRule) {
    this.rule = rule;
    this.graph = formulaGraph(rule.formula, rule.tensors, rule.smallest);
    const last = rule.axes.at(-1)!;
    const isReduced = ({ strides }: LoopAxis) => rule.reduce !== null && strides[this.targets[0]!] === 0;
    const kept = rule.axes.filter((axis) => !isReduced(axis));
    this.order = [...kept, ...rule.axes.filter(isReduced)];
    this.firstReduced = kept.length;
    this.vectorLevel = this.order.indexOf(last);
    const { terms, summed } = this.#splitSums();
    [this.terms, this.summed] = [terms, summed];
    const masks = this.#maskAxes();
    this.levels = masks.map((mask) => this.order.findLastIndex((_, level) => mask[level]));
    this.isVector = masks.map((mask) => mask[this.vectorLevel]!);
    this.isUsed = this.#markUsed();
    this.width = this.#chooseWidth();
    this.blocks = this.#chooseBlocks();
  }

  get targets(): string[] {
    return [...this.graph.results.keys()];
  }

  get isSum(): boolean {
    return this.firstReduced < this.order.length;
  }

  /** Whether the sums run over the vectors' own axis. */
  get isAcross(): boolean {
    return this.isSum && this.vectorLevel >= this.firstReduced;
  }

  /** By value: along which axes it varies. */
  #maskAxes(): boolean[][] {
    const masks: boolean[][] = [];
    for (const value of this.graph.values)
      masks.push(
        this.order.map(({ strides }, level) => {
          if (value.kind === 'load') return strides[value.tensor] !== 0;
          return value.kind === 'apply' && value.args.some((arg) => masks[arg]![level]);
        })
      );
    return masks;
  }

  /** Takes out of sums what all their terms, or all within a turn of the outermost loop, have in common. */
  #splitSums(): { terms: number[]; summed: Summed[] } {
    const terms: number[] = [];
    const summed: Summed[] = [];
    const inner = this.order.length - this.firstReduced > 1 ? this.firstReduced + 1 : this.firstReduced;
    for (const [target, result] of this.graph.results) {
      const masks = this.#maskAxes();
      const varies = (value: number) => masks[value]!.some((does, level) => does && level >= inner);
      const split = this.isSum && this.rule.reduce === 'sum' ? this.graph.split(result, varies) : null;
      const core = split?.core ?? result;
      if (!terms.includes(core)) terms.push(core);
      summed.push({ target, sum: terms.indexOf(core), factor: split?.factor ?? null });
    }
    return { terms, summed };
  }

  #markUsed(): boolean[] {
    const { values } = this.graph;
    const used = values.map(() => false);
    for (const root of [...this.terms, ...this.summed.flatMap(({ factor }) => factor ?? [])]) used[root] = true;
    for (let i = values.length - 1; i >= 0; i--) {
      const value = values[i]!;
      if (used[i] && value.kind === 'apply') for (const arg of value.args) used[arg] = true;
    }
    return used;
  }

  #chooseWidth(): number {
    const { values } = this.graph;
    const { length, isCounted } = this.order[this.vectorLevel]!;
    const most = isCounted ? Infinity : Math.ceil(length / 4);
    const perVector = values.filter(({ kind }, i) => kind === 'apply' && this.isVector[i] && this.isUsed[i]);
    const hasCalls = perVector.some((value) => value.kind === 'apply' && value.code[0] === op.call(0)[0]);
    if (this.isSum && !this.isAcross) return Math.min(most, this.terms.length <= 2 ? 4 : 2);
    if (hasCalls || perVector.length > 16) return 1;
    // A short row is written out as a whole.
    if (!this.isSum && most <= 8 && perVector.length <= 12) return most;
    return Math.min(most, perVector.length > 6 ? 2 : 4);
  }

  #chooseBlocks(): Blocks {
    const reduced = this.order.slice(this.firstReduced);
    if (this.rule.reduce !== 'sum' || reduced.length === 0) return 'none';
    const { length, isCounted } = reduced.at(-1)!;
    const turns = isCounted ? Infinity : length / (this.isAcross ? 4 * this.width : 1);
    if (turns > (reduced.length === 1 ? BLOCK : 2 * BLOCK)) return 'inner';
    return reduced.length === 1 ? 'none' : 'outer';
  }
}
