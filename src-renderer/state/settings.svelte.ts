/** What the page keeps between starts, in the lab's settings: one key per field, written back when it changes. */
import { z } from 'zod';
import { draftIdSchema } from '../../src-worker/contract/drafts.ts';
import { browserLanguage, words, type Language } from '../i18n/t.svelte.ts';
import { lab } from './lab.svelte.ts';

export const places = ['build', 'train', 'search', 'compare', 'learn'] as const;
export type Place = (typeof places)[number];
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const xAxes = ['step', 'epoch', 'time'] as const;
export type XAxis = (typeof xAxes)[number];
export const sortColumns = [
  'id',
  'name',
  'status',
  'dataset',
  'optimizer',
  'learningRate',
  'dev',
  'loss',
  'test',
  'epochs',
  'seconds',
  'startedAtMs'
] as const;
/** Besides these, a column for every metric that a run has. */
export type SortColumn = (typeof sortColumns)[number] | `metric:${string}`;

const chartSchema = z.object({
  logY: z.boolean().catch(false),
  x: z.enum(xAxes).catch('epoch'),
  /** Weight of the past in the smoothed training curve; null: what suits the length of an epoch. */
  smoothing: z.number().min(0).max(0.999).nullable().catch(null),
  raw: z.boolean().catch(true),
  /** Drawn beside the loss; null, and where a run does not have it: what stands for the run. */
  metric: z.string().max(200).nullable().catch(null)
});
const sortSchema = z.object({
  column: z.union([z.enum(sortColumns), z.templateLiteral(['metric:', z.string()])]).catch('id'),
  descending: z.boolean().catch(true)
});

/** Whatever is stored, something usable comes out: a broken value gives the default. */
const stored = {
  place: z.enum(places).catch('train'),
  theme: z.enum(themes).catch('system'),
  chart: chartSchema.catch(chartSchema.parse({})),
  selection: z.array(z.int().min(1)).max(50).catch([]),
  openRun: z.int().min(1).nullable().catch(null),
  openDraft: draftIdSchema.nullable().catch(null),
  sort: sortSchema.catch(sortSchema.parse({})),
  comparePart: z.enum(['dev', 'train']).catch('dev'),
  hintsSeen: z.array(z.string()).catch([])
};
type Stored = { [K in keyof typeof stored]: z.infer<(typeof stored)[K]> };

const WRITE_EVERY_MS = 250;

class Settings implements Stored {
  place = $state<Place>('train');
  theme = $state<Theme>('system');
  chart = $state(chartSchema.parse({}));
  selection = $state<number[]>([]);
  openRun = $state<number | null>(null);
  openDraft = $state<string | null>(null);
  sort = $state(sortSchema.parse({}));
  comparePart = $state<'dev' | 'train'>('dev');
  hintsSeen = $state<string[]>([]);
  private kept = false;

  get language(): Language {
    return words.language;
  }
  set language(language: Language) {
    words.language = language;
  }

  async load(): Promise<void> {
    const values = await lab.api.getSettings();
    for (const key of Object.keys(stored) as (keyof Stored)[])
      Object.assign(this, { [key]: stored[key].parse(values[key]) });
    // A reload goes on with this window's own draft, whatever another window has opened since.
    const { openDraft } = (history.state ?? {}) as { openDraft?: unknown };
    this.openDraft = stored.openDraft.parse(openDraft) ?? this.openDraft;
    this.language = z.enum(['en', 'ja']).catch(browserLanguage()).parse(values['language']);
  }

  /** Writes every later change back: the first at once, for the page may be left any moment, what follows quickly once. */
  keep(): void {
    if (this.kept) return;
    this.kept = true;
    $effect.root(() => {
      $effect(() => history.replaceState({ openDraft: this.openDraft }, ''));
      for (const key of [...(Object.keys(stored) as (keyof Stored)[]), 'language' as const]) {
        const write = throttle((value: string) => void store(key, JSON.parse(value)));
        let known = JSON.stringify(this[key]);
        $effect(() => {
          const value = JSON.stringify(this[key]);
          if (value !== known) write((known = value));
        });
      }
    });
  }
}

/** Calls `work` at once, and again at the end of the pause with the last value that came meanwhile. */
function throttle(work: (value: string) => void): (value: string) => void {
  let pausing = false;
  let waiting: string | null = null;
  const call = (value: string) => {
    work(value);
    pausing = true;
    setTimeout(() => {
      pausing = false;
      const last = waiting;
      waiting = null;
      if (last !== null) call(last);
    }, WRITE_EVERY_MS);
  };
  return (value) => (pausing ? (waiting = value) : call(value));
}

/** A setting that cannot be stored is no reason to disturb anyone; the page keeps it until it is left. */
async function store(key: string, value: z.infer<ReturnType<typeof z.json>>): Promise<void> {
  await lab.ready();
  await lab.api
    .setSetting(key, value)
    .catch((error: unknown) => console.warn(`The setting “${key}” was not stored.`, error));
}

export const settings = new Settings();
