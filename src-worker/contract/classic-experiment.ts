/**
 * A classic experiment: one question, one base, and variants of it that are trained side by side to answer the question.
 *
 * Not an experiment itself (that is what decides one run, see experiment.ts) but a recipe for several. Pure; called by the command line.
 */
import { z } from 'zod';
import { LabError } from './errors.ts';
import { experimentSchema, type Experiment, type NetworkSpec } from './experiment.ts';
import { didYouMean } from './nearest.ts';
import { matching, setPath } from './paths.ts';
import { problem, type Problem } from './problems.ts';

/** For people, in both languages of the lab. */
const wordsSchema = z.strictObject({ en: z.string().min(1), ja: z.string().min(1) });
export type Words = z.infer<typeof wordsSchema>;

const variantSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,39}$/, 'a name is lower-case letters, digits, . and -'),
  title: wordsSchema.optional(),
  /** Layers left out, by id or by a pattern such as `n*`; what they were connected to is joined. */
  remove: z.array(z.string()).default([]),
  /** Settings that differ from the base, by path as `--set` takes them; applied in order, behind `remove`. */
  set: z.record(z.string(), z.json()).default({})
});
export type Variant = z.infer<typeof variantSchema>;

export const classicExperimentSchema = z.strictObject({
  title: wordsSchema,
  /** What the experiment asks, and what should be seen. */
  question: wordsSchema,
  expect: wordsSchema,
  base: experimentSchema,
  variants: z
    .array(variantSchema)
    .min(1)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'every variant has a name of its own'),
  /** Every variant is trained once with each; without them, with the seed of the base. */
  seeds: z
    .array(experimentSchema.shape.seed.unwrap())
    .min(1)
    .refine((all) => new Set(all).size === all.length, 'every seed is given once')
    .optional(),
  /** Look at activations and gradients before the first step as well. */
  inspect: z.boolean().default(false)
});
export type ClassicExperiment = z.infer<typeof classicExperimentSchema>;

/** One of the runs that a classic experiment asks for. */
export interface VariantRun {
  readonly variant: string;
  readonly experiment: Experiment;
}

/**
 * The runs in order: every variant with every seed, named `<name> · <variant>`. `change` has the last word on each, such as the command
 * line's `--set`. What a variant asks in vain comes back as problems.
 */
export function variantRuns(
  name: string,
  { base, variants, seeds = [base.seed] }: ClassicExperiment,
  change: (experiment: Experiment) => Experiment = (experiment) => experiment
): { runs: VariantRun[]; problems: Problem[] } {
  const runs: VariantRun[] = [];
  const problems: Problem[] = [];
  for (const variant of variants) {
    const { experiment, problems: found } = applyVariant(base, variant);
    problems.push(...found);
    for (const seed of seeds) {
      const suffix = seeds.length > 1 ? ` · seed ${seed}` : '';
      runs.push({
        variant: variant.name,
        experiment: change({ ...experiment, seed, name: `${name} · ${variant.name}${suffix}` })
      });
    }
  }
  return { runs, problems };
}

function applyVariant(
  base: Experiment,
  { name, remove, set }: Variant
): { experiment: Experiment; problems: Problem[] } {
  const problems: Problem[] = [];
  let experiment = base;
  const attempt = (path: string, value: unknown, change: () => Experiment) => {
    try {
      experiment = change();
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      const place = { path: `variants.${name}.${path}`, value };
      problems.push(problem('variant-refused', place, { reason: error.message }));
    }
  };
  for (const pattern of remove)
    attempt('remove', pattern, () => ({ ...experiment, network: withoutLayers(experiment.network, pattern) }));
  for (const [path, value] of Object.entries(set))
    attempt(`set.${path}`, value, () => setPath(experiment, path, value));
  return { experiment, problems };
}

/** Throws: `invalid_argument` when there is no such layer, or when one has not exactly one wire in. */
function withoutLayers(network: NetworkSpec, pattern: string): NetworkSpec {
  const known = network.nodes.map(({ id }) => id);
  const ids = known.filter(matching(pattern));
  if (ids.length === 0) {
    const message = `There is no layer “${pattern}” in this network. ${didYouMean(pattern, known)}`;
    throw new LabError('invalid_argument', message.trimEnd(), { pattern });
  }
  return ids.reduce(withoutLayer, network);
}

function withoutLayer({ nodes, edges }: NetworkSpec, id: string): NetworkSpec {
  const before = edges.filter(([, to]) => to === id).map(([from]) => from);
  if (before.length !== 1)
    throw new LabError(
      'invalid_argument',
      `The layer “${id}” has ${before.length} wires in; only one with a single wire can go.`,
      {
        id
      }
    );
  return {
    nodes: nodes.filter((node) => node.id !== id),
    edges: edges
      .filter(([, to]) => to !== id)
      .map(([from, to]): [string, string] => (from === id ? [before[0]!, to] : [from, to]))
  };
}
