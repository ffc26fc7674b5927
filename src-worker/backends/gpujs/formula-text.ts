import { functions, type FunctionName } from '../../formula/parse.ts';
import type { Folded, FoldedFormula } from '../../formula/fold.ts';

type Statements = FoldedFormula['statements'];

export interface FormulaNames {
  /** Text that reads this element of the tensor bound to a name. */
  tensor(name: string): string;
  /** Text of a part that is one number for all elements. */
  uniform(index: number): string;
}

export interface FormulaText {
  /** Declarations, in order. Every tensor is read once and every statement has a name of its own. */
  readonly lines: readonly string[];
  /** The last value of each wanted target. */
  readonly results: ReadonlyMap<string, string>;
}

/** The statements that `wanted` depends on, as lines of a kernel. */
export function formulaText(
  { statements }: FoldedFormula,
  wanted: readonly string[],
  names: FormulaNames
): FormulaText {
  const needed = neededStatements(statements, wanted);
  const lines: string[] = [];
  const current = new Map<string, string>();
  const nameOf = (name: string): string => {
    if (!current.has(name)) {
      lines.push(`const ${name}_in = ${names.tensor(name)};`);
      current.set(name, `${name}_in`);
    }
    return current.get(name)!;
  };
  for (const [index, { target, value }] of statements.entries()) {
    if (!needed.has(index)) continue;
    const text = write(value, nameOf, names.uniform);
    // Added to 0 so that a lone constant is a float and not an integer to the translator.
    lines.push(`const ${target}_${index} = ${value.type === 'uniform' ? `0.0 + ${text}` : text};`);
    current.set(target, `${target}_${index}`);
  }
  return { lines, results: new Map(wanted.map((target) => [target, current.get(target)!])) };
}

/** Positions of the statements that decide the last values of `wanted`. */
function neededStatements(statements: Statements, wanted: readonly string[]): Set<number> {
  const needed = new Set<number>();
  const open = new Set(wanted);
  for (const [index, { target, value }] of [...statements.entries()].reverse()) {
    if (!open.delete(target)) continue;
    needed.add(index);
    for (const name of namesRead(value)) open.add(name);
  }
  return needed;
}

/** Names of tensors and of earlier targets. */
function namesRead(e: Folded): string[] {
  switch (e.type) {
    case 'uniform':
      return [];
    case 'name':
      return [e.name];
    case 'negate':
      return namesRead(e.of);
    case 'binary':
      return [...namesRead(e.left), ...namesRead(e.right)];
    case 'call':
      return e.args.flatMap(namesRead);
    default:
      return e satisfies never;
  }
}

function write(e: Folded, name: (name: string) => string, uniform: (index: number) => string): string {
  const inner = (part: Folded) => write(part, name, uniform);
  switch (e.type) {
    case 'uniform':
      return uniform(e.index);
    case 'name':
      return name(e.name);
    case 'negate':
      return `(-${inner(e.of)})`;
    case 'binary':
      return `(${inner(e.left)} ${e.operator} ${inner(e.right)})`;
    case 'call':
      return callText[e.name](e.args.map(inner) as [string, string, string]);
    default:
      return e satisfies never;
  }
}

type CallText = (args: [string, string, string]) => string;
const builtIn = (name: FunctionName): CallText => {
  return (args) => `Math.${name}(${args.slice(0, functions[name]).join(', ')})`;
};

const callText: Readonly<Record<FunctionName, CallText>> = {
  sqrt: builtIn('sqrt'),
  abs: builtIn('abs'),
  exp: builtIn('exp'),
  log: builtIn('log'),
  // Some drivers compute (e²ˣ − 1) / (e²ˣ + 1), which is NaN for large x; in float32 tanh(10) is already 1.
  tanh: ([x]) => `Math.tanh(Math.max(Math.min(${x}, 10.0), -10.0))`,
  sign: builtIn('sign'),
  min: builtIn('min'),
  max: builtIn('max'),
  step: ([x]) => `(${x} > 0.0 ? 1.0 : 0.0)`,
  select: ([condition, a, b]) => `(${condition} > 0.0 ? ${a} : ${b})`
};
