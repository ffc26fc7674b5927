import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const settings = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
const [, files = ''] = /^files:\n((?: .*\n)+)/m.exec(settings)!;
const named = [...files.matchAll(/^ {2}- ([^'!#]+?)(?:\/\*\*)?$/gm)].map(([, path]) => path!);

describe('the installers', () => {
  it('bring the licences of Caviar and of all it contains', () => {
    expect(named).toEqual(expect.arrayContaining(['out', 'LICENSE', 'THIRD_PARTY_NOTICES.md']));
  });

  it.each(named)('find %s, which they are to bring', (path) => {
    expect(existsSync(join(root, path))).toBe(true);
  });
});
