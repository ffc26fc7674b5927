import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
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
});

describe('the launcher', () => {
  /** Its own files in a small project, whose command line tells its arguments. */
  function launcher() {
    const root = smallProject();
    cpSync(join(launch, '..', 'launch.mjs'), join(root, 'src-main/hosts/launch.mjs'));
    cpSync(launch, join(root, 'src-main/hosts/launch'), { recursive: true });
    buildIfStale(root);
    const told = `console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 4;`;
    writeFileSync(join(root, 'out/main/cli.js'), told);
    const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' };
    const entry = join(root, 'src-main/hosts/launch.mjs');
    return (...args: string[]) => spawnSync(process.execPath, [entry, ...args], { encoding: 'utf8', env });
  }

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
