/**
 * Checks backward passes: the gradients of a plan against central differences of its loss, tensor by tensor.
 *
 *   n_i = (J(w + h·e_i) − J(w − h·e_i)) / 2h      error = ‖n − a‖ / (‖n‖ + ‖a‖)
 *
 * a is what the backward pass says. In float64 with h = 1e-5 a right one is below 1e-7 away, rarely above; a mistake is far above 1e-3.
 * J has kinks where a relu, a maximum or an absolute value changes sides; an element whose steps cross one is told apart and not judged.
 *
 * Source: Goodfellow et al. 2016, Deep Learning, section 11.5; kinks: Karpathy, CS231n, Gradient checks.
 */
import type { Backend } from '../backends/backend.ts';
import type { GradcheckResult, TensorCheck } from '../contract/verify.ts';
import { referenceBackend } from '../backends/reference/reference.ts';
import { randomStream } from '../data/random.ts';
import type { Parameter } from '../plan/plan.ts';
import { pointOf, type Point, type PointOptions } from './gradients.ts';

/** A tensor whose error is below is good. */
export const GRADIENT_LIMIT = 1e-5;

export interface GradientCheckOptions extends PointOptions {
  /** float64 unless another is given. */
  readonly backend?: Backend;
  /** h */
  readonly step?: number;
  /** Elements of a tensor that are tried at most: half of them drawn, half those with the largest gradient. */
  readonly samples?: number;
  readonly seed?: number;
  onProgress?(done: number, total: number, name: string): void;
}

export async function checkGradients(options: GradientCheckOptions): Promise<GradcheckResult> {
  const { plan, backend = referenceBackend('float64'), step = 1e-5, samples = Infinity, seed = 1 } = options;
  const point = pointOf(backend, options);
  const loss = await point.loss();
  const analytic = await point.gradients();
  const parameters = plan.parameters.filter(({ role }) => role !== 'statistic');
  const tensors: TensorCheck[] = [];
  const kept: Element[] = [];
  for (const [done, parameter] of parameters.entries()) {
    options.onProgress?.(done, parameters.length, parameter.name);
    const gradient = analytic(parameter);
    const indices = chosen(gradient, samples, seed, parameter.name);
    const elements = await measure({ point, parameter, gradient, indices, step, loss });
    const smooth = elements.filter(({ isKink }) => !isKink);
    kept.push(...smooth);
    tensors.push(summary(parameter, elements, smooth, noiseOf(loss, step)));
  }
  const passed = tensors.every((tensor) => tensor.passed);
  return { step, limit: GRADIENT_LIMIT, loss, error: relativeError(kept), tensors, passed };
}

interface Element {
  readonly index: number;
  readonly numeric: number;
  readonly analytic: number;
  readonly isKink: boolean;
}

/** A gradient that is 0 but for rounding, as that of a bias in front of a batch norm, has no error worth the name. */
function summary(
  { name, node, size }: Parameter,
  elements: readonly Element[],
  smooth: readonly Element[],
  noise: number
): TensorCheck {
  const off = ({ numeric, analytic }: Element) => Math.abs(numeric - analytic);
  const worst = smooth.reduce<Element | null>((most, one) => (most && off(most) >= off(one) ? most : one), null);
  const isZero = smooth.every(({ numeric, analytic }) => Math.abs(numeric) + Math.abs(analytic) <= noise);
  const error = isZero ? 0 : relativeError(smooth);
  return {
    name,
    node,
    size,
    checked: elements.length,
    kinks: elements.length - smooth.length,
    error,
    worst: worst && { index: worst.index, numeric: worst.numeric, analytic: worst.analytic },
    passed: error < GRADIENT_LIMIT || (worst !== null && off(worst) <= noise)
  };
}

/** ‖n − a‖ / (‖n‖ + ‖a‖); 0 where both are 0. */
export function relativeError(elements: readonly Pick<Element, 'numeric' | 'analytic'>[]): number {
  const norm = (of: (one: Pick<Element, 'numeric' | 'analytic'>) => number) =>
    Math.sqrt(elements.reduce((sum, one) => sum + of(one) ** 2, 0));
  const difference = norm(({ numeric, analytic }) => numeric - analytic);
  return difference === 0 ? 0 : difference / (norm(({ numeric }) => numeric) + norm(({ analytic }) => analytic));
}

/** Indices of the elements to try, ascending. */
function chosen(gradient: ArrayLike<number>, samples: number, seed: number, name: string): number[] {
  const all = Int32Array.from(gradient, (_, index) => index);
  if (samples >= all.length) return [...all];
  const half = Math.ceil(samples / 2);
  const steepest = [...all].sort((a, b) => Math.abs(gradient[b]!) - Math.abs(gradient[a]!)).slice(0, samples - half);
  randomStream(seed, `shuffle/${name}`).shuffle(all);
  const drawn = [...all].filter((index) => !steepest.includes(index)).slice(0, half);
  return [...steepest, ...drawn].sort((a, b) => a - b);
}

interface Measured {
  readonly point: Point;
  readonly parameter: Parameter;
  readonly gradient: ArrayLike<number>;
  readonly indices: readonly number[];
  readonly step: number;
  readonly loss: number;
}

async function measure({ point, parameter, gradient, indices, step, loss }: Measured): Promise<Element[]> {
  const values = point.values(parameter);
  const elements: Element[] = [];
  for (const index of indices) {
    const analytic = gradient[index]!;
    const at: Place = { loss: () => point.loss(), middle: loss, values, index };
    const { central } = await slopesAt(at, step);
    const distance = Math.abs(central - analytic);
    const isNear = distance <= GRADIENT_LIMIT * (Math.abs(central) + Math.abs(analytic)) + noiseOf(loss, step);
    const isKink = !isNear && (await crossesKink(at, step, analytic));
    elements.push({ index, numeric: central, analytic, isKink });
  }
  return elements;
}

/** What rounding J to float64 a few times can do to its slope. */
const noiseOf = (loss: number, step: number) => (8 * Number.EPSILON * Math.max(Math.abs(loss), 1e-3)) / step;

/** An element of `values` and the loss as a function of it. */
export interface Place {
  loss(): Promise<number>;
  /** The loss where we are. */
  readonly middle: number;
  readonly values: Float64Array;
  readonly index: number;
}

export interface Slopes {
  readonly central: number;
  readonly right: number;
  readonly left: number;
}

/** Difference quotients with steps of h to both sides; everything is put back. */
export async function slopesAt({ loss, middle, values, index }: Place, h: number): Promise<Slopes> {
  const kept = values[index]!;
  values[index] = kept + h;
  const up = await loss();
  values[index] = kept - h;
  const down = await loss();
  values[index] = kept;
  return { central: (up - down) / (2 * h), right: (up - middle) / h, left: (middle - down) / h };
}

/**
 * Whether J has a kink between w − h and w + h that explains why the slope is not `analytic`: the slopes to both sides differ by what
 * is missing, and `analytic` is the slope on one side of the kink, which shorter steps reach.
 */
export async function crossesKink(at: Place, h: number, analytic: number): Promise<boolean> {
  const wide = await slopesAt(at, h);
  const noise = noiseOf(at.middle, h);
  if (Math.abs(wide.central - analytic) > 0.6 * Math.abs(wide.right - wide.left) + noise) return false;
  for (const shorter of [h, h / 10, h / 100]) {
    const slopes = await slopesAt(at, shorter);
    const near = (slope: number) =>
      Math.abs(slope - analytic) <= 1e-3 * Math.max(Math.abs(slope), Math.abs(analytic)) + noiseOf(at.middle, shorter);
    if (Object.values(slopes).some(near)) return true;
  }
  return false;
}
