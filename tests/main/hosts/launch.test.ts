import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const launch = join(import.meta.dirname, '../../../src-main/hosts/launch');

/** A folder that builds as this one does, but in a moment: its build counts how often it ran. */
function smallProject(buildScript = ''): string {
  const root = temporaryFolder();
  const write = (file: string, text: string) => {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  write('package.json', '{"type":"module"}');
  write('src-main/a.ts', '');
  write(
    'src-worker/kernels/compile.mjs',
    `import { writeFileSync } from 'node:fs'; writeFileSync('src-worker/made.gen.ts', '');`
  );
  write(
    'node_modules/electron-vite/bin/electron-vite.js',
    `const { appendFileSync, mkdirSync, writeFileSync } = await import('node:fs');
    ${buildScript}
    appendFileSync('builds', 'x');
    for (const file of ['main/cli.js', 'preload/index.cjs', 'renderer/index.html']) {
      mkdirSync('out/' + file.split('/')[0], { recursive: true });
      writeFileSync('out/' + file, '');
    }`
  );
  return root;
}

const module = (name: string) => JSON.stringify(pathToFileURL(join(launch, `${name}.mjs`)).href);
const inNode = (script: string) => [
  ...['--input-type=module', '-e'],
  `import * as build from ${module('build')};
   import * as desktop from ${module('desktop')};
   ${script}`
];
const run = (script: string) => spawnSync(process.execPath, inNode(script), { encoding: 'utf8' });
const buildIfStale = (root: string) => run(`console.log(build.buildIfStale(${JSON.stringify(root)}))`);
const builds = (root: string) => readFileSync(join(root, 'builds'), 'utf8').length;

describe('the launcher’s build', () => {
  it('runs when there is none, and not again', () => {
    const root = smallProject();
    expect(buildIfStale(root)).toMatchObject({ stdout: 'true\n', stderr: 'Building Caviar, about ten seconds …\n' });
    expect(buildIfStale(root)).toMatchObject({ stdout: 'true\n', stderr: '' });
    expect(builds(root)).toBe(1);
    expect(existsSync(join(root, 'out/.building'))).toBe(false);
  });

  it('runs again when a source is newer, gone or added, not when a generated file is', () => {
    const root = smallProject();
    writeFileSync(join(root, 'src-main/b.ts'), '');
    buildIfStale(root);
    const later = new Date(Date.now() + 5000);
    utimesSync(join(root, 'src-worker/made.gen.ts'), later, later);
    buildIfStale(root);
    expect(builds(root)).toBe(1);
    utimesSync(join(root, 'src-main/a.ts'), later, later);
    buildIfStale(root);
    expect(builds(root)).toBe(2);
    utimesSync(join(root, 'src-main/a.ts'), new Date(0), new Date(0));
    rmSync(join(root, 'src-main/b.ts'));
    utimesSync(join(root, 'src-main'), later, later);
    buildIfStale(root);
    expect(builds(root)).toBe(3);
  });

  it('runs once when two commands start together', async () => {
    const root = smallProject('await new Promise((resolve) => setTimeout(resolve, 300));');
    const script = inNode(`console.log(build.buildIfStale(${JSON.stringify(root)}))`);
    const both = [1, 2].map(() => spawn(process.execPath, script, { stdio: 'ignore' }));
    await Promise.all(both.map((child) => once(child, 'close')));
    expect(builds(root)).toBe(1);
  });

  it('takes over from a build that was killed', () => {
    const root = smallProject();
    mkdirSync(join(root, 'out'));
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(join(root, 'out/.building'), String(gone));
    expect(buildIfStale(root).stdout).toBe('true\n');
  });

  it.each([
    ['is empty and old', '', 10_000],
    ['says no process', 'x', 10_000]
  ])('takes over a lock that %s', (_what, text, ageMs) => {
    const root = smallProject();
    mkdirSync(join(root, 'out'));
    const lock = join(root, 'out/.building');
    writeFileSync(lock, text);
    utimesSync(lock, new Date(Date.now() - ageMs), new Date(Date.now() - ageMs));
    expect(buildIfStale(root)).toMatchObject({ stdout: 'true\n', stderr: 'Building Caviar, about ten seconds …\n' });
  });

  it('that waits for another one says so', async () => {
    const root = smallProject();
    mkdirSync(join(root, 'out'));
    const lock = join(root, 'out/.building');
    writeFileSync(lock, String(process.pid));
    const waiting = spawn(process.execPath, inNode(`console.log(build.buildIfStale(${JSON.stringify(root)}))`));
    let said = '';
    waiting.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await expect
      .poll(() => said, { timeout: 10_000 })
      .toBe(`Another build is running (pid ${process.pid}); waiting for it …\n`);
    rmSync(lock);
    await once(waiting, 'close');
    expect(builds(root)).toBe(1);
  });

  it('says in one line that its folder cannot be made', () => {
    const root = smallProject();
    writeFileSync(join(root, 'out'), 'a file');
    const { stdout, stderr } = buildIfStale(root);
    expect(stdout).toBe('false\n');
    expect(stderr).toMatch(/^caviar: Caviar cannot be built here: E[A-Z]+: .*out.*\n$/);
  });

  it('that fails shows what it said', () => {
    const root = smallProject(`console.error('a.ts: line 3 is wrong'); process.exit(1);`);
    const { stdout, stderr } = buildIfStale(root);
    expect(stdout).toBe('false\n');
    expect(stderr).toContain('a.ts: line 3 is wrong');
    expect(stderr).toContain('npm ci');
  });
});

describe('the desktop window', () => {
  it.each([
    ['linux', 1000, {}, 'there is no display'],
    ['linux', 0, { DISPLAY: ':0' }, 'root'],
    ['linux', 1000, { DISPLAY: ':0' }, null],
    ['linux', 1000, { WAYLAND_DISPLAY: 'wayland-0' }, null],
    ['darwin', 0, {}, null],
    ['win32', undefined, {}, null]
  ])('on %s as user %s with %j: %s', (platform, uid, env, reason) => {
    const { stdout } = run(
      `console.log(desktop.whyNoWindow(${JSON.stringify(env)}, ${JSON.stringify({ platform, uid })}))`
    );
    if (reason === null) expect(stdout).toBe('null\n');
    else expect(stdout).toContain(reason);
  });

  it('that cannot open gives its reason, one that closes its exit code', () => {
    const outcome = (script: string) => {
      const args = JSON.stringify(['-e', script]);
      return JSON.parse(
        run(`console.log(JSON.stringify(await desktop.runElectron(process.execPath, ${args}, process.env)))`).stdout
      );
    };
    expect(outcome('console.error("[1:ERROR:x.cc] Missing X server"); process.exit(1)')).toEqual({
      reason: 'Electron could not start (Missing X server)'
    });
    expect(outcome('process.kill(process.pid, "SIGKILL")')).toEqual({ reason: 'Electron could not start (SIGKILL)' });
    expect(outcome('')).toEqual({ exitCode: 0 });
    expect(outcome('process.exit(3)')).toEqual({ exitCode: 3 });
  });

  it.skipIf(process.platform === 'win32')('that is ended by Ctrl-C while it opens ends the command', () => {
    const child = `process.kill(process.ppid, 'SIGINT'); process.on('SIGINT', () => process.exit(1)); setInterval(() => {}, 1000)`;
    const { stdout } = run(
      `console.log(JSON.stringify(await desktop.runElectron(process.execPath, ['-e', ${JSON.stringify(child)}], process.env)))`
    );
    expect(JSON.parse(stdout)).toEqual({ exitCode: 130 });
  });
});

describe('the database of the window', () => {
  it.each([
    [['--db', 'a.db'], 'a.db'],
    [['--db=a.db'], 'a.db'],
    [['--port', '0', '--db=a.db', '--db', 'b.db'], 'b.db'],
    [[], 'before.db'],
    [['--db'], 'before.db']
  ])('with %j is %s', (args, file) => {
    const { stdout } = run(
      `console.log(desktop.windowEnvironment(${JSON.stringify(args)}, { CAVIAR_DB: 'before.db' }).CAVIAR_DB)`
    );
    expect(stdout).toBe(`${file}\n`);
  });
});

describe('the launcher', () => {
  /** Its own files in a small project, whose command line is `cli`; answers its entry. */
  function launcherWith(cli: string): string {
    const root = smallProject();
    cpSync(join(launch, '..', 'launch.mjs'), join(root, 'src-main/hosts/launch.mjs'));
    cpSync(launch, join(root, 'src-main/hosts/launch'), { recursive: true });
    buildIfStale(root);
    writeFileSync(join(root, 'out/main/cli.js'), cli);
    return join(root, 'src-main/hosts/launch.mjs');
  }

  function launcher() {
    const entry = launcherWith(`console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 4;`);
    const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' };
    return (...args: string[]) => spawnSync(process.execPath, [entry, ...args], { encoding: 'utf8', env });
  }

  /** A training run, started by a Node that is too old and hands over to the one that came with the project. */
  async function trainThroughOldNode() {
    const cli = pathToFileURL(join(import.meta.dirname, '../../../out/main/cli.js')).href;
    const entry = launcherWith(`await import(${JSON.stringify(cli)});`);
    const bin = join(entry, '../../../node_modules/.bin');
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, 'node'));
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, napi: '8' } })`;
    const args = ['--import', `data:text/javascript,${encodeURIComponent(old)}`, entry];
    const command = ['train', 'spiral', '--backend', 'reference', '--epochs', '100000', '--json'];
    const child = spawn(process.execPath, [...args, ...command], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, CAVIAR_HOME: temporaryFolder(), CAVIAR_DB: '' }
    });
    onTestFinished(() => {
      if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL');
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await expect.poll(() => said.split('\n').length, { timeout: 15_000 }).toBeGreaterThan(3);
    const ended = once(child, 'close').then(([code]) => ({
      code: code as unknown,
      last: said.trim().split('\n').at(-1)
    }));
    return { child, ended };
  }

  // Windows has neither signals between processes nor process groups.
  it.skipIf(process.platform === 'win32').each([
    ['sent to it alone', 'SIGINT', false],
    ['sent to it alone', 'SIGTERM', false],
    ['sent to its group, as a terminal does,', 'SIGINT', true]
  ] as const)('a signal %s ends the run cleanly (%s)', async (_how, signal, toGroup) => {
    const { child, ended } = await trainThroughOldNode();
    process.kill(toGroup ? -child.pid! : child.pid!, signal);
    const { code, last } = await ended;
    expect({ code, end: JSON.parse(last!) as unknown }).toMatchObject({
      code: 130,
      end: { type: 'end', status: 'stopped' }
    });
  });

  it('hands arguments and exit code through, stdout untouched', () => {
    const { status, stdout, stderr } = launcher()('train', 'xor', '--json');
    expect({ status, stdout, stderr }).toEqual({ status: 4, stdout: '["train","xor","--json"]\n', stderr: '' });
  });

  it.runIf(process.platform === 'linux')('without a display says so in one line and serves', () => {
    const { stdout, stderr } = launcher()('start', '--port', '0');
    expect(stdout).toBe(
      'No desktop window: there is no display. Caviar opens in the browser instead.\n["serve","--port","0"]\n'
    );
    expect(stderr).toBe('');
  });
});
