/** Options that several commands share, and how their values are read. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { didYouMean } from '../../../src-worker/contract/nearest.ts';
import { backendRequestSchema, type BackendRequest } from '../../../src-worker/contract/run.ts';

export const dbOption = () =>
  new Option('--db <file>', 'the database to use (default: CAVIAR_DB, else the user’s data folder)');
export const jsonOption = (what: string) => new Option('--json', what);

const MAX_EPOCHS = 100_000;
const MAX_THREADS = 64;

/** What can be changed about an experiment: `Changes`. */
export const addChangeOptions = (command: Command): Command =>
  command
    .option('--set <path=value>', 'change one setting, network nodes by id; may be repeated', collect)
    .option('--epochs <n>', 'passes through the training set', wholeNumber(1, MAX_EPOCHS))
    .option('--dataset <name>', 'train on another dataset (see “caviar datasets”)');

/** The same, and what computes. */
export const addTrainingOptions = (command: Command): Command =>
  addChangeOptions(command)
    .addOption(
      new Option('--backend <name>', 'what computes; auto measures and picks')
        .choices(backendRequestSchema.options)
        .default('auto' satisfies BackendRequest)
    )
    .addOption(threadsOption());

export const threadsOption = () =>
  new Option('--threads <n>', 'compute threads; 0: as many as help').argParser(wholeNumber(0, MAX_THREADS)).default(0);

/** For commander: a whole number within bounds. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`A whole number from ${min} to ${max} is expected.`);
    return value;
  };

/** For commander: a run of the history. */
export const runNumber = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** For commander: a checkpoint of a run. */
export const checkpointNumber = (text: string): number | 'best' | 'latest' => {
  if (text === 'best' || text === 'latest') return text;
  if (!/^[1-9]\d*$/.test(text))
    throw new InvalidArgumentError('The number of a checkpoint, best or latest is expected.');
  return Number(text);
};

/** For commander: a part of a whole. */
export const share = (text: string): number => {
  const value = Number(text);
  if (!/^0?\.?\d+$/.test(text) || value >= 1) throw new InvalidArgumentError('A number from 0 to below 1 is expected.');
  return value;
};

/** For commander: one of some words, in an option that may be repeated. */
export const collectOneOf =
  <T extends string>(known: readonly T[]) =>
  (text: string, before: T[] = []): T[] => {
    const found = known.find((word) => word === text);
    if (found === undefined) throw new InvalidArgumentError(`${didYouMean(text, known)}Known: ${known.join(', ')}.`);
    return before.includes(found) ? before : [...before, found];
  };

/** For commander: `28x28`, `28x28x1`. */
export const imageSize = (text: string): number[] => {
  const [, ...sides] = /^(\d{1,4})[x×](\d{1,4})(?:[x×]([13]))?$/.exec(text) ?? [];
  const size = sides.filter((side) => side !== undefined).map(Number);
  if (size.length < 2 || size.includes(0))
    throw new InvalidArgumentError('HEIGHTxWIDTH is expected, or HEIGHTxWIDTHx1 (grey), HEIGHTxWIDTHx3 (RGB).');
  return size;
};

/** For commander: an option that may be repeated. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];
