/**
 * The first step of a run, layer by layer: the plan's gradient program on the first mini-batch, with the weights it would start from.
 * By the reference backend, which keeps every tensor; nothing is updated.
 */
import { reference } from '../../backends/reference/reference.ts';
import type { InspectedLayer, InspectRequest, InspectResult } from '../../contract/inspect.ts';
import { makePlan } from '../../plan/make-plan.ts';
import { checkPlanSize } from '../../plan/size.ts';
import { distributionOf } from '../../observe/distribution.ts';
import { epochBatches } from '../../train/epoch-batches.ts';
import { initialParameters } from '../../train/initialize.ts';
import { planInputs } from '../../train/plan-inputs.ts';
import { prepareData } from '../../train/prepare-data.ts';

export async function inspect({ experiment, dataset }: InspectRequest): Promise<InspectResult> {
  const { splits, table, info } = prepareData(experiment, dataset);
  const { shape, classes, values: columns } = info;
  const plan = makePlan(experiment, { shape, classes: classes.length, values: columns, examples: splits.train.length });
  checkPlanSize(plan);
  const { rows, counts } = epochBatches(splits.train, plan.batchSize, experiment.seed, 1).take(0, 1, 1, () => ({}));
  const examples = counts[0]!;
  const w = initialParameters(plan, experiment.seed);
  const inputs = planInputs(plan, table, w, { rows, at: 0, count: examples, step: 1, mode: 'training' });
  const program = { batchSize: examples, tensors: plan.tensors, ops: plan.gradients };
  const written = await reference.run(program, inputs);
  const known = new Map([...inputs, ...written].map(([tensor, values]) => [tensor.name, values]));

  const layers = experiment.network.nodes.flatMap(({ id, kind }): InspectedLayer[] => {
    const [activations, gradients] = [known.get(`${id}.y`), known.get(`${id}.dy`)];
    if (!activations) return [];
    const own = plan.parameters.filter(({ node, role }) => node === id && role !== 'statistic');
    return [
      {
        ...{ node: id, kind, activations: distributionOf(activations) },
        gradients: gradients ? distributionOf(gradients) : null,
        parameters: own.map(({ name, value, gradient }) => ({
          name,
          values: distributionOf(known.get(value.name)!),
          gradients: distributionOf(known.get(gradient.name)!)
        }))
      }
    ];
  });
  return { examples, layers: inOrder(layers, plan.tensors) };
}

/** Sorted as the tensors were made: in the order of computation. */
function inOrder(layers: InspectedLayer[], tensors: readonly { readonly name: string }[]): InspectedLayer[] {
  const places = new Map(tensors.map(({ name }, place) => [name, place]));
  const placeOf = ({ node }: InspectedLayer) => places.get(`${node}.y`)!;
  return layers.sort((a, b) => placeOf(a) - placeOf(b));
}
