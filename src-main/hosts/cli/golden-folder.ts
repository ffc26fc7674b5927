/** Golden cases on disk: a folder of JSON files, and perhaps an index.json that lists them with their counts and SHA-256. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { VerifyRequest } from '../../../src-worker/contract/verify.ts';

const INDEX = 'index.json';

const indexSchema = z.object({
  files: z.array(z.object({ file: z.string(), cases: z.int().min(0).optional(), sha256: z.string().optional() })).min(1)
});

/** Those of the folder and of the folders in it. Throws: `unreadable_file`, `bad_golden_file` (index, SHA-256). */
export async function readGoldenFolder(folder: string): Promise<VerifyRequest['files']> {
  const files = await filesIn(folder);
  if (files.length > 0) return files;
  throw new LabError('unreadable_file', `${folder} holds no golden cases: there is no .json file in it.`, { folder });
}

/** With an index the files that it lists, else all. */
async function filesIn(folder: string): Promise<VerifyRequest['files']> {
  const entries = await reading(folder, () => readdir(folder, { withFileTypes: true }));
  const names = entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith('.json')).map(({ name }) => name);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const listed = names.includes(INDEX) ? await readIndex(folder) : names.sort().map((file) => ({ file }));
  const own = await Promise.all(listed.map((entry) => readListed(folder, entry)));
  const inner = folders.sort().map(async (name) => {
    const files = await filesIn(join(folder, name));
    return files.map((each) => ({ ...each, file: `${name}/${each.file}` }));
  });
  return [...own, ...(await Promise.all(inner)).flat()];
}

type Entry = z.infer<typeof indexSchema>['files'][number];

async function readIndex(folder: string): Promise<Entry[]> {
  const path = join(folder, INDEX);
  const text = await reading(path, () => readFile(path, 'utf8'));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw badIndex(path, `is not JSON: ${(error as Error).message}`);
  }
  const parsed = indexSchema.safeParse(json);
  if (parsed.success) return parsed.data.files;
  const { path: at, message } = parsed.error.issues[0]!;
  throw badIndex(path, `does not list golden files: ${at.map(String).join('.') || 'the whole file'}: ${message}`);
}

async function readListed(folder: string, { file, cases, sha256 }: Entry): Promise<VerifyRequest['files'][number]> {
  const path = join(folder, file);
  const content = await reading(path, () => readFile(path));
  const found = createHash('sha256').update(content).digest('hex');
  if (sha256 !== undefined && sha256 !== found)
    throw new LabError(
      'bad_golden_file',
      `${path} is not the file that ${INDEX} lists: its SHA-256 is ${found}, not ${sha256}. Copy it again.`,
      { file: path, expected: sha256, found }
    );
  return { file, text: content.toString('utf8'), cases: cases ?? null };
}

const badIndex = (file: string, why: string) => new LabError('bad_golden_file', `${file} ${why}.`, { file });

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LabError('unreadable_file', `${path} cannot be read (${code}). Check the path.`, { path, code });
  }
}
