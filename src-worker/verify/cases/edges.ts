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
  linear: 'dense'
};

/** The kind whose runner computes this: by the function it comes from, else by the first words of its name. */
export function edgeKind({ name, source }: GoldenCase, known: (kind: string) => boolean): string | null {
  const functions = [...source.matchAll(/torch\.(?:\w+\.)*(\w+)/g)].map(([, last]) => kinds[last!] ?? last!);
  const words = name.split('_');
  const beginnings = words.map((_, at) => words.slice(0, words.length - at).join('_'));
  return [...functions, ...beginnings].find(known) ?? null;
}

export const edge =
  (runners: Readonly<Record<string, Runner>>): Runner =>
  (one, on) => {
    const kind = edgeKind(one, (name) => Object.hasOwn(runners, name));
    if (!kind) throw new Unsupported(`nothing here computes “${one.source || one.name}”`);
    return runners[kind]!(one, on);
  };
