/** Formulas as SIMD loops: each becomes one function of a generated module. */
import type { FoldedFormula } from '../../formula/fold.ts';
import type { Kernels } from '../../kernels/signatures.ts';
import type { MapOp, Op, ReduceOp } from '../../plan/program.ts';
import { assemble } from './assembler.ts';
import { LoopEmitter } from './emit-loops.ts';
import { vectorImports } from './formula-graph.ts';
import { loopAxes } from './loop-axes.ts';
import type { LoopRule } from './loop-plan.ts';

export interface CompiledLoops {
  readonly folded: FoldedFormula;
  /** (an address a tensor, a number a uniform, examples) */
  readonly run: (...args: number[]) => void;
}

/** All formulas of a plan in one module. Equal rules share one function. */
export function compileLoops(
  rules: readonly LoopRule[],
  kernels: Kernels,
  memory: WebAssembly.Memory,
  shared: boolean
): CompiledLoops[] {
  const keys = rules.map(({ formula, ...rest }) => JSON.stringify([formula.text, rest]));
  const position = new Map<string, number>();
  const emitters: LoopEmitter[] = [];
  for (const [i, key] of keys.entries())
    if (!position.has(key)) position.set(key, emitters.push(new LoopEmitter(rules[i]!)) - 1);
  const functions = emitters.map((emitter, i) => emitter.emit(`loops${i}`));
  const module = new WebAssembly.Module(assemble(functions, vectorImports, shared));
  const { exp4, log4, tanh4 } = kernels;
  const { exports } = new WebAssembly.Instance(module, { env: { memory, exp4, log4, tanh4 } });
  const compiled = emitters.map(({ plan }, i) => ({
    folded: plan.graph.folded,
    run: exports[`loops${i}`] as CompiledLoops['run']
  }));
  return keys.map((key) => compiled[position.get(key)!]!);
}

/** The formulas of a list of operations, and which function each has become. */
export function compileFormulas(
  ops: readonly Op[],
  kernels: Kernels,
  memory: WebAssembly.Memory,
  shared: boolean
): (op: MapOp | ReduceOp) => CompiledLoops {
  const formulas = ops.filter((op) => op.op === 'map' || op.op === 'reduce');
  const compiled = compileLoops(formulas.map(ruleOf), kernels, memory, shared);
  const byOp = new Map(formulas.map((op, i) => [op, compiled[i]!]));
  return (op) => byOp.get(op)!;
}

/** The formula of an operation as the emitter wants it. */
function ruleOf(op: MapOp | ReduceOp): LoopRule {
  const tensors = boundNames(op);
  return {
    formula: op.formula,
    tensors,
    axes: loopAxes(op, tensors),
    reduce: op.op === 'reduce' ? op.kind : null,
    add: op.add
  };
}

/** A formula may leave a tensor that it was offered unused. */
export const boundNames = ({ formula, tensors }: MapOp | ReduceOp): string[] =>
  Object.keys(tensors).filter((name) => formula.inputs.includes(name) || formula.targets.includes(name));
