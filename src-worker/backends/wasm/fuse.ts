/** Operations joined with the formula behind them, so that what is between them is never written: one pass over memory instead of two. */
import type { Expression, Formula } from '../../formula/parse.ts';
import {
  sizeOf,
  sizeOfAxes,
  tensorsOf,
  type Axes,
  type Conv2dOp,
  type MapOp,
  type MatmulOp,
  type Op,
  type Pool2dBackOp,
  type Tensor
} from '../../plan/program.ts';

/** An operation and the relu, or the gradient of the relu, that alone reads its result. */
export interface FusedRelu {
  readonly op: 'withRelu';
  readonly of: MatmulOp | Conv2dOp | Pool2dBackOp;
}
export type Step = Op | FusedRelu;

export const opOf = (step: Step): Op => (step.op === 'withRelu' ? step.of : step);

/** The texts of layers/relu.ts; only these formulas are recognized. */
const RELU_TEXT = 'y = max(x, 0)';
const RELU_BACK_TEXT = 'dx = select(y, dy, 0)';

/** Joins neighbours where the kernels can do both at once. `kept`: tensors that are wanted by others than these operations. */
export function fuse(ops: readonly Op[], kept: ReadonlySet<number> = new Set()): Step[] {
  const steps: Step[] = [];
  for (let i = 0; i < ops.length; i++) {
    let step: Step = ops[i]!;
    for (let next = ops[i + 1]; next?.op === 'map'; next = ops[i + 1]) {
      const fused = fusedWith(step, next);
      const [between] = fused ? tensorsOf(opOf(step)).writes : [];
      if (!fused || kept.has(between!.id) || isReadIn(ops.slice(i + 2), between!)) break;
      step = fused;
      i++;
    }
    steps.push(step);
  }
  return steps;
}

function fusedWith(step: Step, next: MapOp): Step | null {
  if (step.op === 'map') return mapsInOne(step, next);
  const { formula, tensors, add } = next;
  const { x, y, dy, dx } = tensors;
  if ((step.op === 'matmul' && !step.add) || step.op === 'conv2d')
    return formula.text === RELU_TEXT && x!.id === step.y.id && !add
      ? { op: 'withRelu', of: { ...step, y: y! } }
      : null;
  // The largest value of a window is above 0 just where the relu that made it let it through.
  if (step.op === 'pool2dBack' && step.kind === 'max' && !step.add)
    return formula.text === RELU_BACK_TEXT && dy!.id === step.dx.id && y!.id === step.x.id
      ? { op: 'withRelu', of: { ...step, dx: dx!, add } }
      : null;
  return null;
}

const isReadIn = (ops: readonly Op[], { id }: Tensor) =>
  ops.some((op) => tensorsOf(op).reads.some((tensor) => tensor.id === id));

/** Two maps over the same elements of examples as one, if the only result of the first is an input of the second. */
function mapsInOne(first: MapOp, second: MapOp): MapOp | null {
  const [between, ...more] = tensorsOf(first).writes;
  if (!between?.perExample || more.length > 0 || first.add || second.grid) return null;
  if (!tensorsOf(second).reads.some(({ id }) => id === between.id)) return null;
  if (tensorsOf(second).writes.some(({ id }) => id === between.id)) return null;
  const size = first.grid ? sizeOfAxes(first.grid, 'pgk') : sizeOf(between.shape);
  if (sizeOf(between.shape) !== size) return null;
  const [a, b] = [namesIn(first, 'a'), namesIn(second, 'b')];
  const tensors = Object.fromEntries([...a.tensors, ...b.tensors].filter(([, { id }]) => id !== between.id));
  const axes: Record<string, Axes> = {};
  for (const name of Object.keys(first.tensors)) axes[a.rename(name)] = first.axes[name] ?? 'pgk';
  const isStretched = ([name]: readonly [string, Tensor]) => (axes[name] ?? 'pgk') !== 'pgk';
  if (b.tensors.some(isStretched)) return null; // the same tensor in two ways
  const constants = Object.fromEntries([...a.constants, ...b.constants]);
  return { ...first, formula: joined(a.formula, b.formula), tensors, constants, axes, add: second.add };
}

/** A map under names that are its own, except for tensors, which have the same name wherever they are. */
function namesIn({ formula, tensors, constants }: MapOp, prefix: string) {
  const rename = (name: string) => (tensors[name] ? `t${tensors[name].id}` : `${prefix}_${name}`);
  const statements = formula.statements.map(({ target, value }) => ({
    target: rename(target),
    value: renamed(value, rename)
  }));
  return {
    rename,
    tensors: Object.entries(tensors).map(([name, tensor]) => [rename(name), tensor] as const),
    constants: Object.entries(constants).map(([name, value]) => [rename(name), value] as const),
    formula: {
      statements,
      targets: formula.targets.map(rename),
      inputs: formula.inputs.map(rename)
    }
  };
}

function joined(first: Omit<Formula, 'text'>, second: Omit<Formula, 'text'>): Formula {
  const statements = [...first.statements, ...second.statements];
  const own = second.inputs.filter((name) => !first.targets.includes(name));
  return {
    text: JSON.stringify(statements),
    statements,
    targets: [...new Set([...first.targets, ...second.targets])],
    inputs: [...new Set([...first.inputs, ...own])]
  };
}

function renamed(e: Expression, rename: (name: string) => string): Expression {
  const of = (part: Expression) => renamed(part, rename);
  switch (e.type) {
    case 'number':
      return e;
    case 'name':
      return { ...e, name: rename(e.name) };
    case 'negate':
      return { ...e, of: of(e.of) };
    case 'binary':
      return { ...e, left: of(e.left), right: of(e.right) };
    case 'call':
      return { ...e, args: e.args.map(of) };
    default:
      return e satisfies never;
  }
}
