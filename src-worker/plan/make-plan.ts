/** From a checked experiment to its plan: layers write their passes, parameters get their places, the batch is cut into shards. */
import type { Kinded } from '../contract/fields.ts';
import type { Experiment } from '../contract/experiment.ts';
import { LabError } from '../contract/errors.ts';
import { resolveNetwork } from '../graph/resolve-network.ts';
import type { TargetData } from '../losses/target.ts';
import { ProgramBuilder } from './builder.ts';
import { Feeds } from './feeds.ts';
import { PlannedHeads } from './heads.ts';
import type { Plan } from './plan.ts';
import { placeLayers, recordBackward, recordForward } from './planned-layers.ts';
import type { Op, Shape } from './program.ts';
import { arenaBytesOf, checkSize } from './size.ts';
import { planUpdates } from './updates.ts';

export interface PlanData extends TargetData {
  readonly shape: Shape;
  /** Training examples there are; a mini-batch is never larger. */
  readonly examples?: number;
}

/** Throws: `invalid_experiment` when the experiment was not checked before; `out_of_memory` when no engine could hold it. */
export function makePlan(experiment: Experiment, data: PlanData): Plan {
  const { layers, problems } = resolveNetwork(experiment.network, data.shape);
  if (problems.length > 0)
    throw new LabError('invalid_experiment', `The network cannot be computed: ${problems[0]!.why}.`, { problems });
  const batchSize = Math.min(experiment.training.batchSize, data.examples ?? experiment.training.batchSize);
  const builder = new ProgramBuilder();
  const feeds = new Feeds(builder, data);
  const planned = placeLayers(builder, feeds, layers);
  const weight = feeds.tensor({ kind: 'weight' });
  const heads = new PlannedHeads({ builder, feeds, weight, experiment, data }, planned);

  const [gradients, evaluation]: [Op[], Op[]] = [[], []];
  const training = builder.record(gradients);
  recordForward(training, planned, weight, 'training');
  heads.record(training, 'training');
  recordBackward(training, planned, weight);
  const inference = builder.record(evaluation);
  recordForward(inference, planned, weight, 'inference');
  heads.record(inference, 'inference');

  const updating = planUpdates(builder, experiment, planned, batchSize);
  checkSize(batchSize, () => arenaBytesOf(updating));
  const multiplyAdds = layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0);
  return {
    seed: experiment.seed,
    batchSize,
    inputShape: data.shape,
    classes: data.classes,
    valueColumns: data.values.length,
    tensors: builder.tensors,
    feeds: feeds.all,
    augment: experiment.data.augment as Kinded[],
    constants: heads.constants,
    input: planned.get(layers[0]!.id)!.y,
    weight,
    heads: heads.heads,
    measures: heads.measures,
    gradients,
    evaluation,
    ...updating,
    shards: shardsFor(batchSize, multiplyAdds, updating.arena),
    multiplyAdds
  };
}

/**
 * Shards let threads share a batch, but each has gradients of its own that the update must add up: worth it where a shard's work is
 * at least 48 multiply-adds for each parameter. Depends on the plan alone, never on the machine.
 */
function shardsFor(batchSize: number, multiplyAdds: number, arena: number): number {
  const worth = (batchSize * multiplyAdds) / (48 * Math.max(arena, 1));
  const most = multiplyAdds * batchSize < 200_000 ? 1 : 8;
  return Math.max(1, Math.min(most, batchSize, 2 ** Math.floor(Math.log2(Math.max(worth, 1)))));
}
