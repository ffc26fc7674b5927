/** The check of what judges the outputs: every output has a target in the dataset and a loss that can judge it; every head has an output. */
import { z } from 'zod';
import type { DatasetInfo } from '../contract/dataset.ts';
import { headSchema, type HeadSpec } from '../contract/experiment.ts';
import { schemaOf, type ConfigOf, type Fields, type Kinded } from '../contract/fields.ts';
import { problem, problemAt, type Problem } from '../contract/problems.ts';
import { nearest } from '../contract/nearest.ts';
import { among, shapeText } from '../contract/refusal.ts';
import { losses } from '../losses/table.ts';
import { targetOf } from '../losses/target.ts';
import type { JudgedOutput } from '../metrics/requests.ts';
import { sizeOf, type Shape } from '../plan/program.ts';
import { endsOf, headOf, type Judging } from './heads.ts';
import { parseKind } from './parse-kind.ts';
import type { ResolvedLayer } from './resolve-network.ts';

/** Heads by node; the loss is null where it has a problem. */
export type ParsedHeads = Readonly<Record<string, Omit<HeadSpec, 'loss'> & { readonly loss: Kinded | null }>>;

/** undefined where they are no heads, which the frame has said. */
export function parseHeads(heads: unknown, problems: Problem[]): ParsedHeads | undefined {
  const parsed = z.record(z.string(), headSchema).safeParse(heads ?? {});
  if (!parsed.success) return undefined;
  return Object.fromEntries(
    Object.entries(parsed.data).map(([node, head]) => {
      const loss = parseKind(head.loss as Kinded, `training.heads.${node}.loss`, losses, problems);
      return [node, { ...head, loss }] as const;
    })
  );
}

export function checkHeads(
  resolved: readonly ResolvedLayer[],
  dataset: DatasetInfo,
  training: Judging<Kinded | null>
): Problem[] {
  const ends = endsOf(resolved);
  const nameless = ends.length > 1 ? ends.filter(({ id }) => !Object.hasOwn(training.heads, id)) : [];
  if (nameless.length > 0) return [severalEnds(ends, nameless)];
  const strangers = Object.keys(training.heads).filter((node) => !ends.some(({ id }) => id === node));
  const known = ends.map(({ id }) => id);
  const headless = known.filter((id) => !Object.hasOwn(training.heads, id));
  const endMeant = (node: string) => nearest(node, known) ?? headless[0] ?? known.at(-1) ?? null;
  const unknown = strangers.map((node) =>
    problem('unknown-head', { path: `training.heads.${node}`, value: node, node: endMeant(node) }, among(node, known))
  );
  return [...unknown, ...idleLoss(ends, training), ...ends.flatMap((end) => checkEnd(end, dataset, training))];
}

/** Where a part of the network is broken: those of its ends that are not, each judged by a head of its own, or alone. */
export function checkKnownEnds(
  resolved: readonly ResolvedLayer[],
  ends: readonly string[],
  dataset: DatasetInfo,
  training: Judging<Kinded | null>
): Problem[] {
  const judged = ends.filter((id) => ends.length === 1 || Object.hasOwn(training.heads, id));
  return resolved.filter(({ id }) => judged.includes(id)).flatMap((end) => checkEnd(end, dataset, training));
}

/** The loss beside the heads is for an output without one; where each has its own, a loss that was asked for would do nothing. */
function idleLoss(ends: readonly ResolvedLayer[], { loss, heads }: Judging<Kinded | null>): Problem[] {
  if (!loss || !ends.every(({ id }) => Object.hasOwn(heads, id))) return [];
  const usual = headSchema.parse({}).loss;
  const standard = schemaOf(usual.kind, losses[usual.kind]!.config).parse(usual);
  if (JSON.stringify(loss) === JSON.stringify(standard)) return [];
  const choices = ends.map(({ id }) => `training.heads.${id}.loss`).join(', ');
  return [problem('idle-loss', { path: 'training.loss', value: loss.kind }, { choices })];
}

function severalEnds(ends: readonly ResolvedLayer[], nameless: readonly ResolvedLayer[]): Problem {
  const namesOf = (layers: readonly ResolvedLayer[]) => layers.map(({ id }) => id);
  const place = { path: 'network.nodes', value: namesOf(ends), node: nameless[0]!.id };
  return problem('several-ends', place, {
    ends: namesOf(ends),
    nameless: namesOf(nameless),
    expected: `${ends.length - nameless.length || 1}`,
    actual: `${ends.length}`
  });
}

function checkEnd(
  { id, outputShape }: { readonly id: string; readonly outputShape: Shape },
  { classes, values }: DatasetInfo,
  training: Judging<Kinded | null>
): Problem[] {
  const head = headOf({ training }, id);
  const target = targetOf(head.target, { classes: classes.length, values });
  if ('why' in target)
    return [problemAt({ path: `training.heads.${id}.target`, value: head.target, node: id }, target)];
  if (!head.loss) return []; // its own problem has been told
  const { kind, ...config } = head.loss;
  const refusal = losses[kind]!.refuses(outputShape, target, config as unknown as ConfigOf<Fields>);
  return refusal ? [problemAt({ path: `network.nodes.${id}`, value: shapeText(outputShape) }, refusal)] : [];
}

/** The outputs as metrics see them, of which each has a target; null where a loss has a problem. */
export function outputsOf(
  resolved: readonly ResolvedLayer[],
  { classes, values }: DatasetInfo,
  training: Judging<Kinded | null>
): JudgedOutput[] | null {
  const outputs = endsOf(resolved).map(({ id, outputShape }) => {
    const { target: wanted, loss } = headOf({ training }, id);
    const target = targetOf(wanted, { classes: classes.length, values });
    if ('why' in target || !loss) return null;
    return { node: id, subject: { target, width: sizeOf(outputShape), yes: losses[loss.kind]!.yes } };
  });
  return outputs.every((output) => output !== null) ? outputs : null;
}
