/** Experiments as files: what a page writes, and what it makes of a file that somebody gives it. */
import type { z } from 'zod';
import { drawableSchema, MAX_DOCUMENT_CHARACTERS } from '../../src-worker/contract/drafts.ts';
import type { Experiment } from '../../src-worker/contract/experiment.ts';
import { problemsOf, type Problem } from '../../src-worker/contract/problems.ts';

/** As docs/experiment.md shows it. */
export const experimentText = (experiment: Experiment): string => `${JSON.stringify(experiment, null, 2)}\n`;

/** A file's name from an experiment's. */
export const fileName = (name: string): string =>
  `${name.replaceAll(/[\\/:*?"<>|\p{Cc}]+/gu, '-').trim() || 'experiment'}.json`;

export type Reading =
  | { readonly kind: 'experiment'; readonly experiment: Experiment }
  /** A classic experiment: its base, and how many variants it asks for. */
  | { readonly kind: 'classic'; readonly experiment: Experiment; readonly variants: number }
  | { readonly kind: 'too-large'; readonly characters: number }
  | { readonly kind: 'not-json'; readonly why: string; readonly line: number }
  | { readonly kind: 'not-drawable'; readonly problems: readonly Problem[] };

/** `name`: what the experiment is called where the file does not say. Experiments, presets and classic experiments can be read. */
export async function readExperiment(text: string, name: string): Promise<Reading> {
  if (text.length > MAX_DOCUMENT_CHARACTERS) return { kind: 'too-large', characters: text.length };
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return { kind: 'not-json', why: (error as Error).message, line: await lineOf(text) };
  }
  const { base, variants, experiment } = (content ?? {}) as Record<string, unknown>;
  const isClassic = base !== undefined && Array.isArray(variants);
  const input = isClassic ? base : (experiment ?? content);
  const named = isNameless(input) ? { ...input, name } : input;
  const read: z.ZodSafeParseResult<unknown> = drawableSchema.safeParse(named);
  if (!read.success) return { kind: 'not-drawable', problems: problemsOf(read.error, named, drawableSchema) };
  const drawn = read.data as Experiment;
  return isClassic
    ? { kind: 'classic', experiment: drawn, variants: variants.length }
    : { kind: 'experiment', experiment: drawn };
}

const isNameless = (input: unknown): input is object =>
  typeof input === 'object' && input !== null && !Array.isArray(input) && !('name' in input);

/** Where the text stops being JSON; JSON.parse does not always tell. The parser comes with the text view, so it is loaded when asked for. */
async function lineOf(text: string): Promise<number> {
  const { jsonLanguage } = await import('@codemirror/lang-json');
  let at = text.length;
  jsonLanguage.parser.parse(text).iterate({
    enter({ type, from }) {
      if (type.isError) at = Math.min(at, from);
    }
  });
  return text.slice(0, at).split('\n').length;
}
