import { evaluateUniform, foldFormula, type FoldedFormula } from '../../formula/fold.ts';
import type { Parameter, Plan } from '../../plan/plan.ts';

/** An update rule, and where its uniforms are in the numbers of a step. */
export interface PlacedRule {
  readonly folded: FoldedFormula;
  readonly at: number;
}

/**
 * The numbers that a step of a call goes by: 1 or 0 (leave all parameters as they are), then the uniforms of every update rule, one
 * rule behind the other.
 *
 * Shapes: values (K, width), K steps a call.
 */
export class UpdateNumbers {
  readonly width: number;
  readonly values: Float32Array;
  readonly #rules: readonly (PlacedRule & Plan['updates'][number])[];

  constructor({ updates, states }: Plan, steps: number) {
    const arenas = ['w', ...states, 'gradient'];
    let width = 1;
    this.#rules = updates.map((rule) => {
      const placed = { ...rule, folded: foldFormula(rule.formula, (name) => arenas.includes(name)), at: width };
      width += placed.folded.uniforms.length;
      return placed;
    });
    this.width = width;
    this.values = new Float32Array(steps * width);
  }

  ruleOf({ at }: Parameter): PlacedRule {
    return this.#rules.find(({ from, to }) => at >= from && at < to)!;
  }

  /** `known`: what the rules may read besides their constants. The uniforms are computed here, in float64. */
  fill(place: number, known: Readonly<Record<string, number>>): void {
    const uniforms = this.#rules.flatMap(({ folded, constants }) =>
      folded.uniforms.map((part) => evaluateUniform(part, { ...constants, ...known }))
    );
    this.values.set([1, ...uniforms], place * this.width);
  }

  /** Steps from `place` on leave all parameters as they are. */
  stopAt(place: number): void {
    for (let at = place * this.width; at < this.values.length; at += this.width) this.values[at] = 0;
  }
}
