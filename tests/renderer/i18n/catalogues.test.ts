import { describe, expect, it } from 'vitest';
import { augmentations } from '../../../src-worker/augment/table.ts';
import { clipSchema, regularizeSchema } from '../../../src-worker/contract/experiment.ts';
import { fixWords } from '../../../src-worker/contract/fix-words.ts';
import { DID_YOU_MEAN, problemWords, type ProblemCode } from '../../../src-worker/contract/problem-words.ts';
import { isOfSetting } from '../../../src-worker/contract/problems.ts';
import { termWords } from '../../../src-worker/contract/term-words.ts';
import { initializerChoices, metricChoices, optimizerChoices } from '../../../src-worker/graph/choices.ts';
import { clipFields, frameFields } from '../../../src-worker/graph/frame-fields.ts';
import { healthRules } from '../../../src-worker/health/table.ts';
import { layers } from '../../../src-worker/layers/table.ts';
import { rules } from '../../../src-worker/lint/table.ts';
import { losses } from '../../../src-worker/losses/table.ts';
import { schedules } from '../../../src-worker/schedules/table.ts';
import en from '../../../src-renderer/i18n/en.json';
import englishText from '../../../src-renderer/i18n/en.json?raw';
import ja from '../../../src-renderer/i18n/ja.json';
import japaneseText from '../../../src-renderer/i18n/ja.json?raw';
import { fill } from '../../../src-worker/contract/fill.ts';

const english: Record<string, string> = en;
const japanese: Record<string, string> = ja;

/** Names of the values that a message takes; the words that go with a number are the language's own affair. */
const placeholders = (message: string) =>
  [...new Set([...message.matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort();

describe('the two catalogues', () => {
  it('have the same keys', () => expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort()));

  it.each([
    ['English', englishText],
    ['Japanese', japaneseText]
  ])('have no key twice: %s', (_, text) => {
    const keys = text.match(/^ {2}"[^"]+":/gm)!;
    expect(keys.filter((key, index) => keys.indexOf(key) < index)).toEqual([]);
  });

  it('take the same values in every message', () => {
    for (const key of Object.keys(english))
      expect([key, placeholders(japanese[key]!)]).toEqual([key, placeholders(english[key]!)]);
  });

  it('have no empty message', () => {
    for (const [key, message] of [...Object.entries(en), ...Object.entries(ja)])
      expect([key, message.trim()]).not.toEqual([key, '']);
  });

  it('say every problem as the check does', () => {
    const sentence = (why: string) => `${why.slice(0, 1).toUpperCase()}${why.slice(1)}.`;
    const wanted = Object.entries(problemWords).flatMap(([code, { why, remedy }]) => [
      [`problem.${code}.why`, isOfSetting(code as ProblemCode) ? `{setting} ${why}.` : sentence(why)],
      [`problem.${code}.remedy`, remedy]
    ]);
    expect(english['problem.didYouMean']).toBe(DID_YOU_MEAN);
    expect(Object.entries(english).filter(([key]) => /^problem\..*\.(why|remedy)$/.test(key))).toEqual(wanted);
  });

  it('say every term as the check does', () => {
    const wanted = Object.entries(termWords).map(([code, text]) => [`term.${code}`, text]);
    expect(Object.entries(english).filter(([key]) => key.startsWith('term.'))).toEqual(wanted);
  });

  it('say every fix as the check does', () => {
    const wanted = Object.entries(fixWords).map(([code, label]) => [`fix.${code}`, label]);
    expect(Object.entries(english).filter(([key]) => key.startsWith('fix.'))).toEqual(wanted);
  });

  it('say every advice as the linter does', () => {
    const wanted = rules.flatMap(({ id, words }) =>
      Object.entries(words).map(([part, text]) => [`lint.${id}.${part}`, text])
    );
    expect(Object.entries(english).filter(([key]) => /^lint\.[^.]+\.(what|why|remedy)$/.test(key))).toEqual(wanted);
  });

  it('say every finding about a run as the command line does', () => {
    const wanted = healthRules.flatMap(({ id, words }) =>
      Object.entries(words).map(([part, text]) => [`health.${id}.${part}`, text])
    );
    expect(
      Object.entries(english).filter(([key]) => /^health\.[^.]+\.(name|what|meaning|causes|remedy)$/.test(key))
    ).toEqual(wanted);
  });

  it('name every metric', () => {
    const missing = Object.values(metricChoices)
      .flatMap(({ kind, config }) => [`metric.${kind}`, ...settingsOf('setting.training.metrics', config)])
      .filter((key) => !(key in english));
    expect(missing).toEqual([]);
  });

  it('help with every layer and every setting', () => {
    const missing = Object.values(layers)
      .map(({ kind }) => `help.kind.${kind}`)
      .concat(Object.values(layers).flatMap(({ config }) => settingsOf('help.node', config)))
      .concat(Object.values(initializerChoices).flatMap(({ config }) => settingsOf('help.node.init', config)))
      .concat(Object.values(losses).flatMap(({ config }) => settingsOf('help.training.loss', config)))
      .concat(Object.values(optimizerChoices).flatMap(({ config }) => settingsOf('help.training.optimizer', config)))
      .concat(Object.values(schedules).flatMap(({ config }) => settingsOf('help.training.schedule', config)))
      .concat(Object.values(metricChoices).flatMap(({ config }) => settingsOf('help.training.metrics', config)))
      .concat(Object.values(augmentations).flatMap(({ config }) => settingsOf('help.data.augment', config)))
      .concat(Object.keys(schedules).map((kind) => `note.training.schedule.${kind}`))
      .concat(Object.keys(metricChoices).map((kind) => `note.training.metrics.${kind}`))
      .concat(Object.keys(augmentations).map((kind) => `note.data.augment.${kind}`))
      .concat(Object.values(clipFields).flatMap((fields) => settingsOf('help.training.clip', fields)))
      .concat(Object.entries(frameFields).flatMap(([at, fields]) => settingsOf(at ? `help.${at}` : 'help', fields)))
      .filter((key) => !(key in english));
    expect(missing).toEqual([]);
  });

  it('name every layer, loss, optimizer, schedule, augmentation, rule for initial weights and setting', () => {
    const missing = [
      ...Object.values(layers),
      ...Object.values(losses),
      ...Object.values(optimizerChoices),
      ...Object.values(initializerChoices),
      ...Object.values(schedules),
      ...Object.values(augmentations)
    ]
      .map(({ kind }) => `kind.${kind}`)
      .concat(Object.values(optimizerChoices).flatMap(({ config }) => settingsOf('setting.training.optimizer', config)))
      .concat(Object.values(losses).flatMap(({ config }) => settingsOf('setting.training.loss', config)))
      .concat(settingsOf('setting.training.regularize', regularizeSchema.shape))
      .concat(clipSchema.options.flatMap(({ shape }) => settingsOf('setting.training.clip', shape)))
      .concat(Object.values(schedules).flatMap(({ config }) => settingsOf('setting.training.schedule', config)))
      .concat(Object.values(layers).flatMap(({ config }) => settingsOf('setting.node', config)))
      .concat(Object.values(initializerChoices).flatMap(({ config }) => settingsOf('setting.node.init', config)))
      .concat(Object.values(augmentations).flatMap(({ config }) => settingsOf('setting.data.augment', config)))
      .filter((key) => !(key in english));
    expect(missing).toEqual([]);
  });
});

const settingsOf = (prefix: string, config: object) => Object.keys(config).map((name) => `${prefix}.${name}`);

describe('a message', () => {
  it('takes its values', () => expect(fill('run {id} of {n}', { id: 3, n: 7 }, 'en')).toBe('run 3 of 7'));
  it('chooses the word that goes with a number', () => {
    expect(fill('{n} {n:run|runs}', { n: 1 }, 'en')).toBe('1 run');
    expect(fill('{n} {n:run|runs}', { n: 2 }, 'en')).toBe('2 runs');
  });
  it('shows a value that was not given', () => expect(fill('run {id}', {}, 'en')).toBe('run {id}'));
});

describe('components', () => {
  const sources = import.meta.glob<string>('../../../src-renderer/**/*.svelte', {
    query: '?raw',
    import: 'default',
    eager: true
  });

  it('hold no text of their own', () => {
    const found = Object.entries(sources).flatMap(([name, source]) => textIn(source).map((text) => `${name}: ${text}`));
    expect(Object.keys(sources).length).toBeGreaterThan(30);
    expect(found).toEqual([]);
  });
});

/** Words between tags that no expression wrote. Names of products and signs are no words. */
function textIn(source: string): string[] {
  const markup = source
    .replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, '')
    .replace(/\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g, '')
    .replace(/<[^>]*>/g, '\n');
  return markup
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /[A-Za-z]{2}/.test(line.replace(/Caviar|SQLite/g, '')));
}
