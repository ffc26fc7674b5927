/** Kinks, ties, extreme and constant inputs: their kind says what is special, not what is computed. The source says that. */
import type { GoldenCase } from '../golden.ts';
import { Unsupported, type Runner } from './case.ts';

/** Functions of PyTorch, by the last part of their names, and the kinds of case that they belong to. */
const kinds: Readonly<Record<string, string>> = {
  l1_loss: 'mae',
  mse_loss: 'mse',
  huber_loss: 'huber',
  cross_entropy: 'softmax_ce',
  binary_cross_entropy_with_logits: 'bce',
  max_pool2d: 'maxpool2d',
  avg_pool2d: 'avgpool2d',
  batch_norm: 'batchnorm_train',
  layer_norm: 'layernorm',
  group_norm: 'groupnorm',
  instance_norm: 'instancenorm',
  clip_grad_norm_: 'clip_global_norm',
  clip_grad_value_: 'clip_value',
  renorm: 'max_norm',
  abs: 'penalty',
  linear: 'dense',
  adaptive_avg_pool2d: 'global_avgpool2d'
};

/** What names say shortly. */
const short: Readonly<Record<string, string>> = {
  binary_cross_entropy: 'bce',
  l1_penalty: 'penalty',
  l2_penalty: 'penalty',
  clip_norm: 'clip_global_norm',
  maxpool: 'maxpool2d',
  avgpool: 'avgpool2d',
  global_avgpool: 'global_avgpool2d',
  batchnorm: 'batchnorm_train'
};

/** Where one function belongs to two kinds, what tells the second. */
const special: Readonly<Record<string, readonly [pattern: RegExp, kind: string]>> = {
  batchnorm_train: [/(?:^|[^a-z])(?:eval|inference)/i, 'batchnorm_eval'],
  clip_global_norm: [/per.tensor/i, 'clip_norm_per_tensor']
};

/** The kind whose runner computes this: by the function it comes from, else by the longest run of words in its name. */
export function edgeKind({ name, source, description }: GoldenCase, known: (kind: string) => boolean): string | null {
  const functions = [...source.matchAll(/torch\.(?:\w+\.)*(\w+)/g)].map(([, last]) => last!);
  const kind = [...functions, ...runsOf(name.split('_'))]
    .map((words) => kinds[words] ?? short[words] ?? words)
    .find(known);
  if (kind === undefined) return null;
  const [pattern, other] = special[kind] ?? [];
  return pattern?.test(`${name} ${source} ${description}`) ? other! : kind;
}

/** Words that follow each other, joined again: the longest first, of those the first. */
const runsOf = (words: readonly string[]): string[] =>
  words.flatMap((_, fewer) =>
    words.slice(0, fewer + 1).map((_word, at) => words.slice(at, at + words.length - fewer).join('_'))
  );

export const edge =
  (runners: Readonly<Record<string, Runner>>): Runner =>
  (one, on) => {
    const kind = edgeKind(one, (name) => Object.hasOwn(runners, name));
    if (!kind) throw new Unsupported(`nothing here computes “${one.source || one.name}”`);
    return runners[kind]!(one, on);
  };
