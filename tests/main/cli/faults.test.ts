import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { commandLine, jsonError } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** An IDX header as real files have it, followed by `bytes` of nothing. */
function idx(magic: number, sizes: number[], bytes: number): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic);
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, Buffer.alloc(bytes)]);
}

function idxFolder(changed: Record<string, Buffer>): string {
  const folder = join(temporaryFolder(), 'digits');
  mkdirSync(folder);
  const files = {
    'train-images-idx3-ubyte': idx(0x803, [20, 4, 4], 320),
    'train-labels-idx1-ubyte': idx(0x801, [20], 20),
    't10k-images-idx3-ubyte': idx(0x803, [10, 4, 4], 160),
    't10k-labels-idx1-ubyte': idx(0x801, [10], 10),
    ...changed
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return folder;
}

function databaseFile(content: string | Buffer | ((db: Sqlite.Database) => void)): string {
  const file = join(temporaryFolder(), 'caviar.db');
  if (typeof content !== 'function') writeFileSync(file, content);
  else {
    const db = new Sqlite(file);
    content(db);
    db.close();
  }
  return file;
}

const textFile = (text: string) => {
  const file = join(temporaryFolder(), 'spec.json');
  writeFileSync(file, text);
  return file;
};

describe('bad input is answered with what, where and what to do', () => {
  it.each<[string, () => string[], number, string, string[]]>([
    ['an unknown command', () => ['tain', 'xor'], 2, 'invalid_argument', ['tain']],
    ['an unknown option', () => ['train', 'xor', '--epoch', '3'], 2, 'invalid_argument', ['--epoch', '--epochs']],
    ['no preset', () => ['train'], 2, 'invalid_argument', ['preset']],
    [
      'epochs that are no number',
      () => ['train', 'xor', '--epochs', 'ten'],
      2,
      'invalid_argument',
      ['ten', 'whole number']
    ],
    ['an unknown backend', () => ['train', 'xor', '--backend', 'tpu'], 2, 'invalid_argument', ['tpu', 'wasm']],
    [
      'a backend that cannot run here',
      () => ['train', 'xor', '--backend', 'webgpu'],
      2,
      'backend_unavailable',
      ['webgpu cannot run here', '--backend auto']
    ],
    [
      'a backend that cannot run here, for a whole experiment',
      () => ['experiment', 'initial-weights', '--only', 'he', '--backend', 'webgl2'],
      2,
      'backend_unavailable',
      ['webgl2 cannot run here']
    ],
    [
      'a batch that needs more memory than there is',
      () => ['train', 'small-cnn', '--set', 'network.nodes.c1.filters=4096', '--set', 'training.batchSize=9000'],
      1,
      'out_of_memory',
      ['with a batch of 9000', 'The largest batch that fits is']
    ],
    [
      'an unknown preset',
      () => ['train', 'fashion-5-lair'],
      2,
      'preset_not_found',
      ['fashion-5-lair', 'fashion-5-layer']
    ],
    ['a missing file', () => ['train', './none.json'], 2, 'unreadable_file', ['none.json', 'ENOENT']],
    ['a file that is not JSON', () => ['train', textFile('{ "version": 1,')], 2, 'invalid_experiment', ['not JSON']],
    [
      'a setting that does not exist',
      () => ['train', 'xor', '--set', 'training.optimiser.kind=adam'],
      2,
      'invalid_argument',
      ['training.optimiser', 'optimizer']
    ],
    [
      'an unknown dataset',
      () => ['train', 'xor', '--dataset', 'none'],
      2,
      'invalid_experiment',
      ['data.dataset', 'none', 'spiral']
    ],
    ['an unknown run', () => ['show', '12'], 2, 'run_not_found', ['12']],
    [
      'a truncated IDX file',
      () => ['datasets', 'import', idxFolder({ 'train-images-idx3-ubyte': idx(0x803, [20, 4, 4], 300) })],
      2,
      'bad_dataset',
      ['train-images']
    ],
    [
      'an IDX file claiming 4 billion images',
      () => ['datasets', 'import', idxFolder({ 'train-images-idx3-ubyte': idx(0x803, [4_000_000_000, 28, 28], 320) })],
      2,
      'bad_dataset',
      ['train-images']
    ],
    [
      'a folder that is not there',
      () => ['datasets', 'import', '/nowhere/at-all'],
      2,
      'unreadable_file',
      ['/nowhere/at-all']
    ],
    [
      'a database that is not SQLite',
      () => ['runs', '--db', databaseFile('fish eggs '.repeat(100))],
      3,
      'database_unreadable',
      ['not an SQLite database', '--db']
    ],
    [
      'another program’s database',
      () => ['runs', '--db', databaseFile((db) => db.exec('CREATE TABLE a (b)'))],
      3,
      'database_unreadable',
      ['another program']
    ],
    [
      'a database of a newer version',
      () => [
        'runs',
        '--db',
        databaseFile((db) =>
          db.exec(`PRAGMA application_id = ${0x43617672}; PRAGMA user_version = 99; CREATE TABLE a (b)`)
        )
      ],
      3,
      'database_newer',
      ['99', 'Update Caviar']
    ],
    ['a port that cannot be', () => ['serve', '--port', '70000'], 2, 'invalid_argument', ['70000']]
  ])('%s', async (_name, args, exitCode, code, words) => {
    const { code: ended, stdout, stderr } = await commandLine().run(...args(), '--json');
    expect({ ended, stdout }).toEqual({ ended: exitCode, stdout: '' });
    expect(jsonError(stderr)).toMatchObject({ type: 'error', code });
    for (const word of words) expect(stderr).toContain(word);
    expect(stderr).toMatch(/^caviar: /);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('with --json also as one JSON line, without it as sentences alone', async () => {
    const { stderr } = await commandLine().run('show', '12');
    expect(stderr).toBe('caviar: There is no run 12. “caviar runs” lists them.\n');
  });

  it('says what is wrong with a damaged dataset, and how to get one that is not here', async () => {
    const { home, run } = commandLine();
    const folder = join(home, 'datasets/broken');
    mkdirSync(folder, { recursive: true });
    const damaged = await run('train', 'xor', '--dataset', 'broken');
    expect(damaged.code).toBe(2);
    expect(damaged.stderr).toContain(
      `data.dataset: this dataset cannot be used (found "broken"). ${folder} has no train-`
    );
    const missing = await run('train', 'xor', '--dataset', 'none-such');
    expect(missing.stderr).toContain('Add one with “caviar datasets import PATH”.');
  });

  it('leaves no run behind whose backend cannot run here', async () => {
    const { run } = commandLine();
    expect((await run('train', 'xor', '--backend', 'webgpu')).code).toBe(2);
    expect((await run('runs', '--json')).stdout).toBe('[]\n');
  });

  it('leaves a database that it refuses as it was', async () => {
    const file = databaseFile('fish eggs '.repeat(100));
    const before = readFileSync(file);
    await commandLine().run('train', 'xor', '--backend', 'reference', '--db', file);
    expect(readFileSync(file)).toEqual(before);
  });
});

/** A file system of one megabyte of our own needs Linux and user namespaces. */
const canMount =
  process.platform === 'linux' && spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

describe.skipIf(!canMount)('a full disk', () => {
  it('ends the command with a clear error, and the history stays readable', () => {
    const { home } = commandLine();
    const cli = join(import.meta.dirname, '../../../out/main/cli.js');
    const script = `
      mount -t tmpfs -o size=512k none ${home} && export CAVIAR_HOME=${home}
      "$NODE" ${cli} train xor --backend reference --epochs 2 >/dev/null || exit 91
      "$NODE" ${cli} train spiral --backend reference --epochs 100000 --json >/dev/null
      echo "exit code $?"
      df --output=avail ${home} | tail -1
      "$NODE" ${cli} runs --json`;
    const { stdout, stderr } = spawnSync('unshare', ['-Urm', 'sh', '-c', script], {
      encoding: 'utf8',
      env: { ...process.env, NODE: process.execPath, CAVIAR_DB: '' }
    });
    const [ended, , runs] = stdout.trim().split('\n');
    expect(ended).toBe('exit code 3');
    expect(jsonError(stderr)).toMatchObject({
      code: 'disk_full',
      message: expect.stringContaining('caviar.db') as string
    });
    expect(stderr).not.toMatch(/^\s+at /m);
    const [full, before] = JSON.parse(runs!);
    expect(before).toMatchObject({ status: 'completed', epochsDone: 2 });
    expect(full.epochsDone).toBeGreaterThan(0);
  });
});
