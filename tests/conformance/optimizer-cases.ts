/** What every optimizer must keep to, as functions that can be pointed at any definition. Not a test itself. */
import type { Backend } from '../../src-worker/backends/backend.ts';
import { schemaOf, type Kinded } from '../../src-worker/contract/fields.ts';
import { randomStream } from '../../src-worker/data/random.ts';
import type { OptimizerDefinition } from '../../src-worker/optimizers/optimizer.ts';
import { follow } from '../support/follow.ts';
import { mistake, none, worse, type Mistake } from './mistake.ts';

type Numbers = Readonly<Record<string, number>>;
/** The weight after a step; what it has to remember it keeps. */
type Rule = (w: number, g: number, t: number) => number;

/** Settings other than the defaults, so that a constant written where a setting belongs shows. */
const settings: Numbers = { learningRate: 0.03, beta1: 0.7, beta2: 0.95, rho: 0.8, momentum: 0.6, eps: 0.01 };
const more: Record<string, Numbers> = { adagrad: { initialSum: 0.5 }, adamw: { weightDecay: 0.2 } };

export const settingsOf = ({ kind, config }: OptimizerDefinition): Kinded => {
  const known = Object.entries({ ...settings, ...more[kind] }).filter(([name]) => name in config);
  return schemaOf(kind, config).parse({ kind, ...Object.fromEntries(known) });
};

/** The update rules of their papers for one weight, written out again. */
export const byHand: Readonly<Record<string, (s: Numbers) => Rule>> = {
  sgd: (s) => (w, g) => w - s['learningRate']! * g,
  momentum: (s) => {
    let v = 0;
    return (w, g) => w - s['learningRate']! * (v = s['momentum']! * v + g);
  },
  nesterov: (s) => {
    let v = 0;
    return (w, g) => {
      v = s['momentum']! * v + g;
      return w - s['learningRate']! * (g + s['momentum']! * v);
    };
  },
  adagrad: (s) => {
    let sum = s['initialSum']!;
    return (w, g) => w - (s['learningRate']! * g) / (Math.sqrt((sum += g * g)) + s['eps']!);
  },
  rmsprop: (s) => {
    let v = 0;
    return (w, g) => {
      v = s['rho']! * v + (1 - s['rho']!) * g * g;
      return w - (s['learningRate']! * g) / (Math.sqrt(v) + s['eps']!);
    };
  },
  adadelta: (s) => {
    let [squares, steps] = [0, 0];
    return (w, g) => {
      squares = s['rho']! * squares + (1 - s['rho']!) * g * g;
      const step = (Math.sqrt(steps + s['eps']!) / Math.sqrt(squares + s['eps']!)) * g;
      steps = s['rho']! * steps + (1 - s['rho']!) * step * step;
      return w - s['learningRate']! * step;
    };
  },
  adam: (s) => adaptive(s, (w, m, v) => w - (s['learningRate']! * m) / (Math.sqrt(v) + s['eps']!)),
  adamw: (s) =>
    adaptive(s, (w, m, v) => w - s['learningRate']! * (m / (Math.sqrt(v) + s['eps']!) + s['weightDecay']! * w)),
  adamax: (s) => {
    let [m, u] = [0, 0];
    return (w, g, t) => {
      m = s['beta1']! * m + (1 - s['beta1']!) * g;
      u = Math.max(s['beta2']! * u, Math.abs(g) + s['eps']!);
      return w - ((s['learningRate']! / (1 - s['beta1']! ** t)) * m) / u;
    };
  },
  nadam: (s) => {
    let [m, v, product] = [0, 0, 1];
    const mu = (t: number) => s['beta1']! * (1 - 0.5 * 0.96 ** (t * s['momentumDecay']!));
    return (w, g, t) => {
      m = s['beta1']! * m + (1 - s['beta1']!) * g;
      v = s['beta2']! * v + (1 - s['beta2']!) * g * g;
      product *= mu(t);
      const ahead = (mu(t + 1) * m) / (1 - product * mu(t + 1)) + ((1 - mu(t)) * g) / (1 - product);
      return w - (s['learningRate']! * ahead) / (Math.sqrt(v / (1 - s['beta2']! ** t)) + s['eps']!);
    };
  }
};

/** Adam's averages, freed from their start at zero. */
function adaptive(s: Numbers, step: (w: number, m: number, v: number) => number): Rule {
  let [m, v] = [0, 0];
  return (w, g, t) => {
    m = s['beta1']! * m + (1 - s['beta1']!) * g;
    v = s['beta2']! * v + (1 - s['beta2']!) * g * g;
    return step(w, m / (1 - s['beta1']! ** t), v / (1 - s['beta2']! ** t));
  };
}

/** The weight of 5 steps on random gradients that is farthest from the rule written out by hand. `backend` in float64. */
export async function worstUpdate(definition: OptimizerDefinition, backend: Backend): Promise<Mistake> {
  const random = randomStream(13, 'init/gradients');
  const [size, steps] = [8, 5];
  const start = Float64Array.from({ length: size }, () => random.normal());
  const gradients = Array.from({ length: steps }, () => Float64Array.from({ length: size }, () => random.normal()));
  const trace = await follow({
    definition,
    settings: settingsOf(definition),
    backend,
    start,
    steps,
    gradient: (_, t) => gradients[t - 1]!
  });
  let worst = none;
  for (let i = 0; i < size; i++) {
    const rule = byHand[definition.kind]!(settingsOf(definition) as unknown as Numbers);
    let w = start[i]!;
    for (const [index, { w: got }] of trace.entries()) {
      w = rule(w, gradients[index]![i]!, index + 1);
      worst = worse(worst, mistake(`w of step ${index + 1}`, i, got![i]!, w));
    }
  }
  return worst;
}
