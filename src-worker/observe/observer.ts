/**
 * Looks at what every layer does with the current weights: one training step up to the gradients, on a fixed batch of training examples,
 * after which all tensors are there to be measured. Nothing of the run is touched.
 *
 * Computed by the wasm kernels in the run's own thread, whatever the run trains on: prepared once, then some milliseconds for a network
 * that trains in as many. When it may look, `Budget` says. Called by the training loop.
 */
import type { ExampleTable } from '../backends/backend.ts';
import { sumOf } from '../backends/sums.ts';
import { compileProgram, type CompiledProgram } from '../backends/wasm/program.ts';
import type { NetworkSpec } from '../contract/experiment.ts';
import type { LayersEvent, ObservedLayer } from '../contract/layers.ts';
import type { Parameter, Plan } from '../plan/plan.ts';
import type { Tensor } from '../plan/program.ts';
import { probeInputs, probeRows } from './probe.ts';
import { brief, sketchOf } from './sketch.ts';
import { saturatedShare, stillUnits } from './units.ts';
import { updateRatio } from './update-ratio.ts';

export interface ObserverOptions {
  readonly network: NetworkSpec;
  readonly plan: Plan;
  readonly table: ExampleTable;
  /** Rows of the training set. */
  readonly train: Int32Array;
}

export interface Observer {
  /** `w`: the arena of the parameters behind `step` steps; `before`: the same in front of the last of them, where it is known. */
  observe(step: number, w: Float32Array, before?: Float32Array): LayersEvent;
}

/** What is looked at of a layer. */
interface Place {
  readonly node: string;
  readonly kind: string;
  readonly y: Tensor;
  readonly dy: Tensor | null;
  readonly weights: readonly Parameter[];
}

/** Throws: `out_of_memory`. */
export function prepareObserver({ network, plan, table, train }: ObserverOptions): Observer {
  const rows = probeRows(train, plan.seed);
  const program = compileProgram({ batchSize: rows.length, tensors: plan.tensors, ops: plan.gradients });
  for (const [tensor, values] of probeInputs(plan, table, rows)) program.values(tensor).set(values);
  const places = placesIn(network, plan);
  return {
    observe(step, w, before) {
      for (const { value, at, size } of plan.parameters) program.values(value).set(w.subarray(at, at + size));
      program.run();
      const layers = places.map((place) => lookAt(place, program, w, before));
      return { type: 'layers', step, examples: rows.length, loss: brief(lossOf(plan, program, rows.length)), layers };
    }
  };
}

/** Of all outputs together, each by its share: see Head in plan/plan.ts. */
function lossOf({ heads, measures }: Plan, program: CompiledProgram, examples: number): number {
  const sum = (measure: number) => sumOf(program.values(measures[measure]!), examples);
  return heads.reduce((loss, { share, measures: { loss: lost, mass } }) => {
    const whole = mass === null ? examples : sum(mass);
    return loss + (whole > 0 ? (share * sum(lost)) / whole : 0);
  }, 0);
}

/** In the order of computation, which is that in which the tensors were made. A layer that is a view has no tensor of its own. */
function placesIn({ nodes }: NetworkSpec, { tensors, parameters }: Plan): Place[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return nodes
    .flatMap(({ id, kind }): Place[] => {
      const y = byName.get(`${id}.y`);
      const weights = parameters.filter(({ node, role }) => node === id && role === 'weight');
      return y ? [{ node: id, kind, y, dy: byName.get(`${id}.dy`) ?? null, weights }] : [];
    })
    .sort((a, b) => a.y.id - b.y.id);
}

function lookAt(
  { node, kind, y, dy, weights }: Place,
  program: CompiledProgram,
  w: Float32Array,
  before: Float32Array | undefined
): ObservedLayer {
  const activations = program.values(y);
  const saturated = saturatedShare(kind, activations);
  return {
    ...{ node, kind, activations: sketchOf(activations) },
    gradients: dy && sketchOf(program.values(dy)),
    ...(kind === 'relu' && { units: stillUnits(activations, y.shape.at(-1)!) }),
    ...(saturated !== null && { saturated: brief(saturated)! }),
    weights: weights.map(({ name, value, gradient, at, size }) => ({
      name,
      values: sketchOf(program.values(value)),
      gradients: sketchOf(program.values(gradient)),
      ratio: before ? brief(updateRatio(w.subarray(at, at + size), before.subarray(at, at + size))) : null
    }))
  };
}
