/** From `<preset|spec.json>` and the options that change it to an experiment, not yet checked. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { LabError } from '../../../src-worker/contract/errors.ts';
import { experimentSchema } from '../../../src-worker/contract/experiment.ts';
import { setPath } from '../../../src-worker/contract/paths.ts';
import { findPreset } from '../../lab/presets.ts';

export interface Changes {
  dataset?: string | undefined;
  epochs?: number | undefined;
  /** `path=value`, applied in order after the two above. */
  set?: readonly string[] | undefined;
}

/** Throws: `preset_not_found`, `unreadable_file`, `invalid_experiment` (no JSON), `invalid_argument` with every bad change. */
export async function readExperiment(source: string, changes: Changes): Promise<unknown> {
  const input = looksLikeFile(source) ? await readJson(source) : (await findPreset(source)).experiment;
  // With the frame's defaults a path such as training.epochs exists even where the file leaves `training` out.
  const framed = experimentSchema.safeParse(input);
  return applyChanges(framed.success ? framed.data : input, changes);
}

/** As it stands, without defaults; `-` is standard input. Throws as above. */
export async function readSource(source: string): Promise<unknown> {
  if (source === '-') return parseJson(await textOf(process.stdin), 'Standard input');
  return looksLikeFile(source) ? readJson(source) : (await findPreset(source)).experiment;
}

export const looksLikeFile = (source: string) => /[\\/]|\.json$/i.test(source) || existsSync(source);

/** Throws: `unreadable_file`, `invalid_experiment` (no JSON). */
export async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LabError(
      'unreadable_file',
      `${file} cannot be read (${code}). Check the path, or see “caviar presets”.`,
      { file, code }
    );
  }
  return parseJson(text, file);
}

function parseJson(text: string, file: string): unknown {
  if (text.trim() === '')
    throw new LabError('invalid_experiment', `${file} is empty. Give the JSON of an experiment.`, {
      file,
      problems: []
    });
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')); // Windows puts a byte order mark in front
  } catch (error) {
    throw new LabError('invalid_experiment', `${file} is not JSON: ${(error as Error).message}.`, {
      file,
      problems: []
    });
  }
}

export interface Setting {
  path: string;
  value: unknown;
}

/** Throws: `invalid_argument` with every bad change. */
export function applyChanges(input: unknown, { dataset, epochs, set = [] }: Changes): unknown {
  const settings: (() => Setting)[] = [
    ...(dataset === undefined ? [] : [() => ({ path: 'data.dataset', value: dataset })]),
    ...(epochs === undefined ? [] : [() => ({ path: 'training.epochs', value: epochs })]),
    ...set.map((text) => () => parseSetting(text))
  ];
  const failures: LabError[] = [];
  let changed = input;
  for (const setting of settings)
    try {
      const { path, value } = setting();
      changed = setPath(changed, path, value);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      failures.push(error);
    }
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1)
    throw new LabError('invalid_argument', failures.map(({ message }) => message).join('\n'), {
      failures: failures.map(({ details }) => details)
    });
  return changed;
}

/** Throws: `invalid_argument`. */
export function parseSetting(setting: string): Setting {
  const at = setting.indexOf('=');
  if (at < 1)
    throw new LabError(
      'invalid_argument',
      `A change is path=value, for example training.batchSize=64; found “${setting}”.`,
      { setting }
    );
  return { path: setting.slice(0, at), value: jsonOrText(setting.slice(at + 1)) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // A bare word such as relu or fashion-mnist.
  }
}
