/**
 * Elementwise formulas: one text that every backend turns into a kernel of its own and the page can show as it is.
 *
 *   m = beta1 * m + (1 - beta1) * g
 *   v = beta2 * v + (1 - beta2) * g^2
 *   w = w - learningRate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
 *
 * One statement a line: `name = expression`. A statement that comes later sees the values that earlier ones assigned. A name that is
 * assigned but not bound to a tensor is a local. Operators + − * / ^, comparison-free; functions: see `functions`.
 *
 * Grammar: expression := term (('+'|'-') term)* · term := factor (('*'|'/') factor)* · factor := '-' factor | power ·
 * power := atom ('^' factor)? · atom := number | name | name '(' expression (',' expression)* ')' | '(' expression ')'
 */
import { LabError } from '../contract/errors.ts';

/** Functions and their number of arguments. `step(x)` is 1 where x > 0, else 0; `select(c, a, b)` is a where c > 0, else b. */
export const functions = {
  sqrt: 1,
  abs: 1,
  exp: 1,
  log: 1,
  tanh: 1,
  sign: 1,
  step: 1,
  min: 2,
  max: 2,
  select: 3
} as const;
export type FunctionName = keyof typeof functions;
export type BinaryOperator = '+' | '-' | '*' | '/' | '^';

export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'negate'; readonly of: Expression }
  | {
      readonly type: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: 'call'; readonly name: FunctionName; readonly args: readonly Expression[] };

export interface Statement {
  readonly target: string;
  readonly value: Expression;
}

export interface Formula {
  readonly text: string;
  readonly statements: readonly Statement[];
  /** Names that are assigned, in order of first assignment. */
  readonly targets: readonly string[];
  /** Names that are read before the formula itself assigns them. */
  readonly inputs: readonly string[];
}

/** Throws: `internal` with the line and the place; formulas are ours, a fault in one is a fault of the program. */
export function parseFormula(text: string): Formula {
  const statements = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(parseStatement);
  const targets: string[] = [];
  const inputs: string[] = [];
  for (const { target, value } of statements) {
    for (const name of namesIn(value)) if (!targets.includes(name) && !inputs.includes(name)) inputs.push(name);
    if (!targets.includes(target)) targets.push(target);
  }
  return { text: text.trim(), statements, targets, inputs };
}

export function namesIn(expression: Expression): string[] {
  switch (expression.type) {
    case 'number':
      return [];
    case 'name':
      return [expression.name];
    case 'negate':
      return namesIn(expression.of);
    case 'binary':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case 'call':
      return expression.args.flatMap(namesIn);
    default:
      return expression satisfies never;
  }
}

function parseStatement(line: string): Statement {
  const [, target, body] = /^([A-Za-z]\w*)\s*=(.+)$/.exec(line) ?? [];
  if (target === undefined || body === undefined) throw broken(line, 'expected `name = expression`');
  const tokens = body.match(/[A-Za-z]\w*|\d+\.?\d*(?:e[-+]?\d+)?|[-+*/^(),]|\S/g) ?? [];
  let at = 0;
  const peek = () => tokens[at];
  const take = (expected?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (expected !== undefined && token !== expected))
      throw broken(line, `expected ${expected ?? 'more'} but found ${token ?? 'the end'}`);
    return token;
  };

  function chain(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    while (operators.includes(peek() ?? ''))
      left = { type: 'binary', operator: take() as BinaryOperator, left, right: operand() };
    return left;
  }
  const expression = (): Expression => chain(['+', '-'], term);
  const term = (): Expression => chain(['*', '/'], factor);
  function factor(): Expression {
    if (peek() === '-') {
      take();
      return { type: 'negate', of: factor() };
    }
    const base = atom();
    if (peek() !== '^') return base;
    take();
    return { type: 'binary', operator: '^', left: base, right: factor() };
  }
  function atom(): Expression {
    const token = take();
    if (token === '(') {
      const inner = expression();
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) return { type: 'number', value: Number(token) };
    if (!/^[A-Za-z]/.test(token)) throw broken(line, `unexpected ${token}`);
    if (peek() !== '(') return { type: 'name', name: token };
    if (!(token in functions)) throw broken(line, `unknown function ${token}`);
    take();
    const args = [expression()];
    while (peek() === ',') {
      take();
      args.push(expression());
    }
    take(')');
    const name = token as FunctionName;
    if (args.length !== functions[name])
      throw broken(line, `${name} takes ${functions[name]} arguments, not ${args.length}`);
    return { type: 'call', name, args };
  }

  const value = expression();
  if (at < tokens.length) throw broken(line, `unexpected ${tokens[at]}`);
  return { target, value };
}

const broken = (line: string, why: string) => new LabError('internal', `Formula “${line}”: ${why}.`, { line });
