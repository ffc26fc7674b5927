/** What the normalizations share: a learned scale and offset; and, of those that take every example by itself, all but who shares a mean. */
import { number, type ConfigOf, type Fields, type Kinded } from '../contract/fields.ts';
import { refusal, shapeText, type Refusal } from '../contract/refusal.ts';
import { formula } from '../plan/builder.ts';
import { sizeOf, sizeOfAxes, type Axes, type Grid, type Shape, type Tensor } from '../plan/program.ts';
import { defineLayer, oneInput, type LayerDefinition, type ParameterRule } from './layer.ts';

/** μ and σ² run over the values that share them, which is what the normalizations differ in. */
export const normalizationFormula = 'y = \\gamma\\,\\dfrac{x - \\mu}{\\sqrt{\\sigma^2 + \\varepsilon}} + \\beta';

export const eps = number(1e-5, 'Keeps the division safe, ε', { min: 0, exclusiveMin: true, max: 1, scale: 'log' });

/** γ, ones at first, and β, zeros. */
export function scaleAndOffset(shape: Shape): { gamma: ParameterRule; beta: ParameterRule } {
  const fans = { fanIn: sizeOf(shape), fanOut: sizeOf(shape) };
  const [ones, zeros] = [{ kind: 'constant', value: 1 }, { kind: 'zeros' }] as const satisfies Kinded[];
  return { gamma: { shape, role: 'scale', init: ones, ...fans }, beta: { shape, role: 'bias', init: zeros, ...fans } };
}

/** Which values of an example share a mean and a variance, and which share γ and β. */
export interface Sharing {
  readonly grid: Grid;
  /** Axes of the statistics: along the others the values share them. */
  readonly statistics: Axes;
  /** Axes of γ and β, and their shape. */
  readonly learned: Axes;
  readonly shape: Shape;
}

interface ExampleNorm<F extends Fields> {
  readonly kind: string;
  readonly help: string;
  readonly config: F;
  sharing(x: Shape, config: ConfigOf<F>): Sharing | Refusal;
}

/**
 * Normalization of every example by itself, so that training and inference are the same:
 *
 *   x̂ = (x − μ) / √(σ² + ε)      y = γ·x̂ + β
 *   dx = (γ·dy − mean(γ·dy) − x̂·mean(γ·dy·x̂)) / √(σ² + ε)      dγ = Σ dy·x̂      dβ = Σ dy
 *
 * The means run over the values that share μ and σ². The variance takes a second pass: the mean of the squares less the square of the
 * mean would lose all digits where the mean is large.
 */
export function defineExampleNorm<const F extends Fields>(norm: ExampleNorm<F>): LayerDefinition {
  const { kind, help, sharing } = norm;
  const ways = (x: Shape, config: ConfigOf<F>) => waysOf(sharing(x, config) as Sharing);
  return defineLayer<F>({
    kind,
    group: 'normalization',
    help,
    config: norm.config,
    formula: normalizationFormula,
    inputs: oneInput,

    outputShape([x], config) {
      const found = sharing(x!, config);
      if ('why' in found) return found;
      return waysOf(found).count > 1 ? x! : aloneIn(x!);
    },

    parameters: ([x], config) => ({ ...scaleAndOffset((sharing(x!, config) as Sharing).shape) }),

    keeps([x], config) {
      const { grid, statistics } = sharing(x!, config) as Sharing;
      const one = { shape: [sizeOfAxes(grid, statistics)] };
      return { normal: { shape: x! }, mean: one, variance: one, inverse: one, offset: one, slope: one };
    },

    forward(record, { x, y, kept }, { gamma, beta }, config) {
      const { mean, variance, inverse, normal } = kept as Kept;
      const options = ways(x.shape, config).options;
      record.reduce(formula('mean = x / count'), { x, mean }, options);
      record.reduce(formula('variance = (x - mean) * (x - mean) / count'), { x, mean, variance }, options);
      record.map(formula('inverse = 1 / sqrt(variance + eps)'), { variance, inverse }, { constants: epsOf(config) });
      record.map(normalizeAndScale, { x, mean, inverse, normal, gamma: gamma!, beta: beta!, y }, options);
    },

    backward(record, { x, dy, dx, kept }, { gamma }, { dgamma, dbeta }, config) {
      const { inverse, normal, offset, slope } = kept as Kept;
      const options = ways(x.shape, config).options;
      record.reduce(parameterGradients, { dy, normal, dgamma: dgamma!, dbeta: dbeta! }, { ...options, add: true });
      if (!dx) return;
      record.reduce(means, { dy, gamma: gamma!, normal, offset, slope }, options);
      const tensors = { dy, gamma: gamma!, inverse, normal, offset, slope, dx };
      record.map(formula('dx = inverse * (dy * gamma - offset - normal * slope)'), tensors, { ...options, add: true });
    }
  });
}

type Kept = Readonly<Record<'mean' | 'variance' | 'inverse' | 'normal' | 'offset' | 'slope', Tensor>>;

const normalizeAndScale = formula(`
  normal = (x - mean) * inverse
  y = normal * gamma + beta`);
const parameterGradients = formula(`
  dgamma = dy * normal
  dbeta = dy`);
const means = formula(`
  offset = dy * gamma / count
  slope = dy * gamma * normal / count`);

const epsOf = (config: object) => ({ eps: (config as { eps: number }).eps });

/** `count` values share a mean; `options` tell the operations which tensor has which axes. */
function waysOf({ grid, statistics, learned }: Sharing) {
  const count = sizeOfAxes(grid, 'pgk') / sizeOfAxes(grid, statistics);
  const own = (names: readonly string[], axes: Axes) => names.map((name): [string, Axes] => [name, axes]);
  const axes = Object.fromEntries([
    ...own(['mean', 'variance', 'inverse', 'offset', 'slope'], statistics),
    ...own(['gamma', 'beta', 'dgamma', 'dbeta'], learned)
  ]);
  return { count, options: { grid, axes, constants: { count } } };
}

const aloneIn = (x: Shape): Refusal =>
  refusal('normalized-alone', { actual: shapeText(x) }, [
    { instead: { kind: 'batch-norm' } },
    { instead: { kind: 'layer-norm' } }
  ]);
