/** Files that a person gives to the page, each as a new draft; the last one is shown. Nothing that was open is lost. */
import { MAX_DOCUMENT_CHARACTERS } from '../../src-worker/contract/drafts.ts';
import { LabError } from '../../src-worker/contract/errors.ts';
import { t, tMaybe } from '../i18n/t.svelte.ts';
import { draft } from './draft.svelte.ts';
import { nameOf } from './drafts.svelte.ts';
import { readExperiment, type Reading } from './experiment-file.ts';
import { notices } from './notices.svelte.ts';
import { settings } from './settings.svelte.ts';

/** A slip of the hand, such as a folder of images, must not make a thousand drafts. */
const MOST_FILES = 20;
/** Of one character in UTF-8, as JavaScript counts characters. */
const MOST_BYTES = 3;

export async function importFiles(files: readonly File[]): Promise<void> {
  if (files.length > MOST_FILES)
    return notices.add({
      kind: 'bad',
      title: t('import.tooMany', { n: files.length }),
      text: t('import.most', { most: MOST_FILES })
    });
  const opened: string[] = [];
  for (const file of files) {
    const reading = await read(file);
    if (!('experiment' in reading)) tellRefusal(file.name, reading);
    else {
      settings.place = 'build';
      draft.take(reading.experiment, { type: 'file', name: file.name });
      opened.push(nameOf(reading.experiment));
      if (reading.kind === 'classic') tellClassic(file.name, reading.variants);
    }
  }
  if (opened.length > 1)
    notices.add({ kind: 'done', title: t('import.several', { n: opened.length }), text: opened.join(t('word.comma')) });
}

/** Asks for files in the way of the computer. */
export function chooseFiles(): void {
  const input = document.createElement('input');
  Object.assign(input, { type: 'file', accept: '.json,application/json', multiple: true });
  input.onchange = () => void importFiles([...(input.files ?? [])]);
  input.click();
}

type Refusal = Exclude<Reading, { experiment: unknown }> | { readonly kind: 'unreadable'; readonly why: string };

async function read(file: File): Promise<Reading | Refusal> {
  // A film must not be read into memory to learn that it is none.
  if (file.size > MAX_DOCUMENT_CHARACTERS * MOST_BYTES) return { kind: 'too-large', characters: file.size };
  try {
    return await readExperiment(await file.text(), file.name.replace(/\.json$/i, ''));
  } catch (error) {
    return { kind: 'unreadable', why: (error as Error).message };
  }
}

function tellRefusal(file: string, refusal: Refusal): void {
  const title = t('import.refused', { file });
  const add = (text: string, details?: unknown) => notices.add({ kind: 'bad', title, text, details });
  switch (refusal.kind) {
    case 'unreadable':
      return add(t('import.unreadable'), { reason: refusal.why });
    case 'too-large':
      return add(t('import.tooLarge', { characters: refusal.characters }));
    case 'not-json':
      return add(t('import.notJson', { line: refusal.line }), { reason: refusal.why });
    case 'not-drawable': {
      const [first] = refusal.problems;
      const part = ['network.nodes', 'network.edges', 'network'].find((path) => first!.path.startsWith(path));
      const words = tMaybe(`import.bad.${part}`, t('import.bad.other'));
      return add(first!.path === '' ? t('import.bad.whole') : t('import.notDrawable', { path: first!.path, words }), {
        problems: refusal.problems
      });
    }
    default:
      throw new LabError('internal', refusal satisfies never);
  }
}

function tellClassic(file: string, variants: number): void {
  notices.add({
    kind: 'done',
    title: t('import.classic', { file, n: variants }),
    text: t('import.classicText', { file })
  });
}
