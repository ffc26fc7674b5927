/** The update rules of a plan as SIMD loops over ranges of the arenas, each thread over its own share. */
import { evaluateUniform, foldFormula, type FoldedFormula } from '../../formula/fold.ts';
import { parseFormula } from '../../formula/parse.ts';
import type { Plan, UpdateRule } from '../../plan/plan.ts';
import type { CompiledLoops } from './emit-map.ts';
import type { Layout } from './layout.ts';
import { flatAxes } from './loop-axes.ts';
import type { LoopRule } from './loop-plan.ts';
import { callAll, type Call } from './steps.ts';

/**
 * x86 processors take tens of times as long over an update that meets subnormal numbers, and it would meet them for good: the moments
 * of a weight whose gradient has become 0 fade into that range and stay there, and squares of tiny gradients lie in it. So gradients too
 * small to matter beside any other count as 0 (their squares, times 1 − β₂, stay normal), and every so many steps subnormal states do.
 */
const SMALLEST_GRADIENT = 2 ** -56;
const SMALLEST_STATE = 2 ** -126;
export const CLEAN_EVERY = 64;

/** An update rule as maps over arenas, as of most steps and as of every `CLEAN_EVERY`th; `gradient` sums the shards' gradients. */
interface UpdateMaps {
  readonly usual: LoopRule;
  readonly clean: LoopRule;
}

const tensorsOf = ({ formula }: UpdateRule, { states }: Plan): string[] =>
  ['w', 'gradient', ...states].filter((name) => formula.inputs.includes(name) || formula.targets.includes(name));

/** Whether the shards' gradients are one arena before the update. */
const hasWhole = ({ afterGradients, shards }: Plan) => afterGradients.length > 0 || shards === 1;

export const updateMaps = (plan: Plan, { gradientStride }: Layout): UpdateMaps[] =>
  plan.updates.map((update) => {
    const tensors = tensorsOf(update, plan);
    const pieces = { of: 'gradient', count: hasWhole(plan) ? 1 : plan.shards, stride: gradientStride };
    const states = Object.fromEntries(
      tensors.filter((name) => plan.states.includes(name)).map((name) => [name, SMALLEST_STATE])
    );
    const smallest = { gradient: SMALLEST_GRADIENT };
    const axes = flatAxes(tensors);
    const usual = {
      formula: update.formula,
      tensors,
      axes,
      reduce: null,
      add: false,
      pieces,
      smallest,
      storedUniforms: true
    };
    return { usual, clean: { ...usual, smallest: { ...smallest, ...states } } };
  });

/** What the update rules need to know of a step, computed by one thread for all of them. */
export class StepNumbers {
  readonly #rules: readonly { folded: FoldedFormula; numbers: Record<string, number>; at: number }[];
  readonly count: number;

  constructor(plan: Plan) {
    let at = 0;
    this.#rules = plan.updates.map((update) => {
      const names = tensorsOf(update, plan);
      const folded = foldFormula(update.formula, (name) => names.includes(name));
      const rule = { folded, numbers: { ...update.constants, t: 0 }, at };
      at += folded.uniforms.length;
      return rule;
    });
    this.count = at;
  }

  /** Computed in float64, kept as float32. `numbers`: those of `Batches`, of which step `s` counts. */
  fill(target: Float32Array, t: number, numbers: Readonly<Record<string, Float64Array>>, s: number): void {
    for (const { folded, numbers: known, at } of this.#rules) {
      known['t'] = t;
      for (const name in numbers) known[name] = numbers[name]![s]!;
      for (let i = 0; i < folded.uniforms.length; i++) target[at + i] = evaluateUniform(folded.uniforms[i]!, known);
    }
  }
}

export interface UpdateParts {
  readonly plan: Plan;
  readonly layout: Layout;
  readonly thread: number;
  readonly threads: number;
}

/** From where to where a thread works on the arenas, in floats. */
function shareOf({ plan, thread, threads }: UpdateParts): [from: number, to: number] {
  const at = (of: number) => Math.floor(((plan.arena / 4) * of) / threads) * 4;
  return [at(thread), at(thread + 1)];
}

/** The sum of the shards' gradients as a map over a share of the arenas. */
export function wholeRule({ shards }: Plan, { gradientStride }: Layout): LoopRule {
  const tensors = ['part', 'whole'];
  const pieces = { of: 'part', count: shards, stride: gradientStride };
  return { formula: parseFormula('whole = part'), tensors, axes: flatAxes(tensors), reduce: null, add: false, pieces };
}

/** Adds the shards' gradients of a thread's share into one arena; null where there is nothing to add. */
export function wholeCall(parts: UpdateParts, { run }: CompiledLoops): Call | null {
  const { plan, layout } = parts;
  if (plan.shards === 1) return null;
  const [from, to] = shareOf(parts);
  const [length, part, whole] = [to - from, layout.gradients + from * 4, layout.wholeGradients + from * 4];
  return () => run(part, whole, length);
}

/** Updates a thread's share of the arenas by compiled rules; `turn` tells where the step's numbers are (`Layout.uniforms`). */
export function updateCall(parts: UpdateParts, compiled: readonly CompiledLoops[]): (turn: number) => void {
  const { plan, layout } = parts;
  const [start, end] = shareOf(parts);
  const perTurn = compiled.reduce((sum, { folded }) => sum + folded.uniforms.length, 0);
  const turns: [Call[], Call[]] = [[], []];
  let firstUniform = 0;
  for (const [index, update] of plan.updates.entries()) {
    const { run, folded } = compiled[index]!;
    const from = Math.max(update.from, start);
    const length = Math.min(update.to, end) - from;
    const addresses = tensorsOf(update, plan).map(
      (name) => (name === 'gradient' ? layout.wholeGradients : layout.arenas[name]!) + from * 4
    );
    for (const [turn, calls] of turns.entries()) {
      const uniforms = layout.uniforms + 4 * (turn * perTurn + firstUniform);
      if (length > 0) calls.push(run.bind(null, ...addresses, uniforms, length));
    }
    firstUniform += folded.uniforms.length;
  }
  return (turn) => callAll(turns[turn]!);
}
