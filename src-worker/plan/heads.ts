/** The outputs of a plan with their losses. */
import type { ConfigOf, Fields, Kinded } from '../contract/fields.ts';
import type { Experiment, HeadSpec } from '../contract/experiment.ts';
import { LabError } from '../contract/errors.ts';
import { endsOf, headOf } from '../graph/heads.ts';
import { losses } from '../losses/table.ts';
import type { LossContext } from '../losses/loss.ts';
import { targetOf, type TargetData } from '../losses/target.ts';
import type { ProgramBuilder, Recorder } from './builder.ts';
import type { Feeds } from './feeds.ts';
import type { Head, MeasureName, Target } from './plan.ts';
import type { PlannedLayer, PlannedLayers } from './planned-layers.ts';
import type { Tensor } from './program.ts';

export interface HeadParts {
  readonly builder: ProgramBuilder;
  readonly feeds: Feeds;
  readonly weight: Tensor;
  readonly experiment: Experiment;
  readonly data: TargetData;
}

interface PlannedEnd {
  readonly layer: PlannedLayer;
  readonly spec: HeadSpec;
  readonly target: Target;
  /** What its loss has asked for: measures by name, and the rest. */
  readonly own: Map<string, Tensor>;
}

/** Collects what the losses ask for; afterwards `heads`, `measures` and `constants` are those of the plan. */
export class PlannedHeads {
  readonly measures: Tensor[] = [];
  readonly constants: { tensor: Tensor; values: readonly number[] }[] = [];
  readonly #parts: HeadParts;
  readonly #ends: readonly PlannedEnd[];

  constructor(parts: HeadParts, planned: PlannedLayers) {
    this.#parts = parts;
    const ends = endsOf([...planned.values()].map(({ layer }) => layer));
    this.#ends = ends.map(({ id }) => {
      const spec = headOf(parts.experiment, id);
      const target = targetOf(spec.target, parts.data);
      if ('why' in target) throw new LabError('invalid_experiment', `Output “${id}”: ${target.why}.`, { node: id });
      return { layer: planned.get(id)!, spec, target, own: new Map() };
    });
  }

  record(recorder: Recorder, mode: 'training' | 'inference'): void {
    const { weight } = this.#parts;
    for (const end of this.#ends) {
      const { layer, spec } = end;
      const { kind, ...config } = spec.loss as Kinded;
      const tensors = {
        z: layer.y,
        weight,
        loss: this.#measure(end, 'loss'),
        dz: mode === 'training' ? layer.dy : null
      };
      losses[kind]!.record(recorder, tensors, config as unknown as ConfigOf<Fields>, this.#context(end));
    }
  }

  get heads(): Head[] {
    return this.#ends.map(({ layer, spec, target, own }) => {
      const place = (name: MeasureName) => {
        const tensor = own.get(name);
        return tensor ? this.measures.indexOf(tensor) : null;
      };
      return {
        node: layer.layer.id,
        output: layer.y,
        loss: spec.loss as Kinded,
        target,
        yes: losses[spec.loss.kind]!.yes,
        share: spec.share,
        measures: { loss: place('loss')!, mass: place('mass'), correct: place('correct'), judged: place('judged') }
      };
    });
  }

  #context(end: PlannedEnd): LossContext {
    const { builder, feeds, experiment } = this.#parts;
    const once = (key: string, make: (name: string) => Tensor) => {
      const tensor = end.own.get(key) ?? make(`${end.layer.layer.id}.${key}`);
      end.own.set(key, tensor);
      return tensor;
    };
    return {
      target: end.target,
      share: end.spec.share,
      isShared: this.#ends.some(({ layer }) => layer !== end.layer && layer.y.id === end.layer.y.id),
      isMixed: experiment.data.augment.some(({ kind }) => kind === 'mixup'),
      feed: (source) => feeds.tensor(source),
      measure: (name) => this.#measure(end, name),
      scratch: (name, shape, { perExample } = { perExample: true }) =>
        once(`scratch ${name}`, (full) => builder.tensor(full, shape, { perExample })),
      constant: (name, values) =>
        once(`constant ${name}`, (full) => {
          const tensor = builder.tensor(full, [values.length], { perExample: false });
          this.constants.push({ tensor, values });
          return tensor;
        })
    };
  }

  #measure(end: PlannedEnd, name: MeasureName): Tensor {
    const known = end.own.get(name);
    if (known) return known;
    const tensor = this.#parts.builder.tensor(`${end.layer.layer.id}.${name}`, [], { perExample: true });
    end.own.set(name, tensor);
    this.measures.push(tensor);
    return tensor;
  }
}
