/**
 * Splits the numbers of a formula from its tensors: every part that does not depend on a tensor is computed once, in float64, and
 * handed to the kernel as one number. So `1 - beta2^t` costs nothing per element and loses no precision.
 */
import type { BinaryOperator, Expression, Formula, FunctionName } from './parse.ts';

/** A part of a formula that is one number for all elements. Evaluate with `evaluateUniform`. */
export interface UniformPart {
  readonly type: 'uniform';
  /** Position in `FoldedFormula.uniforms`. */
  readonly index: number;
}
export type Folded =
  | UniformPart
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'negate'; readonly of: Folded }
  | { readonly type: 'binary'; readonly operator: '+' | '-' | '*' | '/'; readonly left: Folded; readonly right: Folded }
  | { readonly type: 'call'; readonly name: FunctionName; readonly args: readonly Folded[] };

export interface FoldedFormula {
  readonly statements: readonly { readonly target: string; readonly value: Folded }[];
  /** Expressions over numbers alone; their values are the kernel's scalar arguments. */
  readonly uniforms: readonly Expression[];
}

/** `isVarying` tells which free names are tensors; what they and the locals made from them touch varies from element to element. */
export function foldFormula(formula: Formula, isVarying: (name: string) => boolean): FoldedFormula {
  const uniforms: Expression[] = [];
  const keys = new Map<string, number>();
  const varying = new Set<string>();
  const varies = (e: Expression): boolean => {
    switch (e.type) {
      case 'number':
        return false;
      case 'name':
        return varying.has(e.name) || isVarying(e.name);
      case 'negate':
        return varies(e.of);
      case 'binary':
        return varies(e.left) || varies(e.right);
      case 'call':
        return e.args.some(varies);
      default:
        return e satisfies never;
    }
  };
  const uniform = (e: Expression): Folded => {
    const key = JSON.stringify(e);
    const index = keys.get(key) ?? uniforms.push(e) - 1;
    keys.set(key, index);
    return { type: 'uniform', index };
  };
  const fold = (e: Expression): Folded => {
    if (!varies(e)) return uniform(e);
    switch (e.type) {
      case 'number':
      case 'name':
        return e as Folded;
      case 'negate':
        return { type: 'negate', of: fold(e.of) };
      case 'binary':
        return e.operator === '^'
          ? power(e.left, e.right)
          : { type: 'binary', operator: e.operator, left: fold(e.left), right: fold(e.right) };
      case 'call':
        return { type: 'call', name: e.name, args: e.args.map(fold) };
      default:
        return e satisfies never;
    }
  };
  /** Of tensors only small whole powers are taken, as products. */
  const power = (base: Expression, exponent: Expression): Folded => {
    if (exponent.type !== 'number' || ![2, 3].includes(exponent.value))
      throw new RangeError('A tensor can only be raised to 2 or 3.');
    const x = fold(base);
    const square: Folded = { type: 'binary', operator: '*', left: x, right: x };
    return exponent.value === 2 ? square : { type: 'binary', operator: '*', left: square, right: x };
  };

  const statements = formula.statements.map(({ target, value }) => {
    const folded = fold(value);
    varying.add(target);
    return { target, value: folded };
  });
  return { statements, uniforms };
}

/** The value of a part without tensors, in float64. `numbers` gives each free name its value. */
export function evaluateUniform(e: Expression, numbers: Readonly<Record<string, number>>): number {
  switch (e.type) {
    case 'number':
      return e.value;
    case 'name': {
      const value = numbers[e.name];
      if (value === undefined) throw new RangeError(`No value for “${e.name}” in a formula.`);
      return value;
    }
    case 'negate':
      return -evaluateUniform(e.of, numbers);
    case 'binary':
      return combine(e.operator, evaluateUniform(e.left, numbers), evaluateUniform(e.right, numbers));
    case 'call': {
      const [a, b, c] = e.args;
      return scalarFunctions[e.name](
        evaluateUniform(a!, numbers),
        b ? evaluateUniform(b, numbers) : 0,
        c ? evaluateUniform(c, numbers) : 0
      );
    }
    default:
      return e satisfies never;
  }
}

function combine(operator: BinaryOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '^':
      return left ** right;
    default:
      return operator satisfies never;
  }
}

/** The functions of formulas on one number: the definition that every backend must agree with. */
export const scalarFunctions: Readonly<Record<FunctionName, (a: number, b: number, c: number) => number>> = {
  sqrt: Math.sqrt,
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sign: Math.sign,
  step: (x) => (x > 0 ? 1 : 0),
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  select: (condition, a, b) => (condition > 0 ? a : b)
};
