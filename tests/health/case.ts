/** A run whose health is known beforehand: one with a fault that was planted, or one that nothing is wrong with. */
import type { HealthRuleId } from '../../src-worker/contract/health.ts';
import type { Kinded } from '../../src-worker/contract/fields.ts';
import type { Plan } from '../../src-worker/plan/plan.ts';

export interface HealthCase {
  readonly title: string;
  /** An experiment as it is typed. */
  readonly spec: unknown;
  /** What was planted; null: nothing. */
  readonly fault: string | null;
  /** Any of these rules has found it. */
  readonly found: readonly HealthRuleId[];
  /** Factor on the columns of the set, where it is made of numbers. */
  readonly units?: number;
  /** Faults that are in the weights rather than in the experiment. */
  plant?(w: Float32Array, plan: Plan): void;
}

export interface Settings {
  readonly training?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
}

/** A chain of layers behind an input. A layer of a kind of which there is one only may be named by it. */
export function chain(dataset: string, layers: readonly (Kinded | string)[], settings: Settings = {}): unknown {
  const nodes = ['input', ...layers].map((layer, index) => ({
    id: `n${index}`,
    ...(typeof layer === 'string' ? { kind: layer } : layer)
  }));
  return {
    version: 1,
    name: 'health',
    seed: settings.seed ?? 42,
    data: { dataset, split: { train: 0.8, dev: 0.2 }, ...settings.data },
    network: { nodes, edges: nodes.slice(1).map(({ id }, index) => [`n${index}`, id]) },
    training: settings.training ?? {}
  };
}

export const dense = (units: number, init?: unknown): Kinded => ({
  kind: 'dense',
  units,
  ...(init !== undefined && { init })
});
export const conv = (filters: number, init?: unknown): Kinded => ({
  kind: 'conv2d',
  filters,
  kernel: 3,
  padding: 'same',
  ...(init !== undefined && { init })
});
export const normal = (std: number): Kinded => ({ kind: 'normal', std });
export const gain = (value: number): Kinded => ({ kind: 'identity', gain: value });

/** `depth` hidden layers. */
export const stack = (depth: number, units: number, activation: string, init?: unknown): (Kinded | string)[] =>
  Array.from({ length: depth }, () => [dense(units, init), activation]).flat();

export const training = (kind: string, learningRate: number, epochs: number, batchSize: number, more: object = {}) => ({
  training: { optimizer: { kind, learningRate }, epochs, batchSize, ...more }
});
