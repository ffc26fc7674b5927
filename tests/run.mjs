/**
 * The whole test suite: format, lint, types, build, unit and conformance and golden tests, the app in a real Chromium, and Electron
 * itself where its binary is. `npm test` and `.ci/run` both run exactly this.
 *
 * Chromium and the Fashion-MNIST files are found, or installed where that is possible. With CI=true a missing one is an error;
 * without it, what cannot run is listed as skipped at the end.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const results = join(root, 'tests/.results');
const strict = process.env['CI'] === 'true';
const only = process.argv.slice(2);
const totals = { passed: 0, failed: 0, skipped: 0 };
const notes = [];
process.chdir(root);
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const bin = (name) => join(root, 'node_modules', ...name.split('/'));
const node = (script, ...args) => [process.execPath, bin(script), ...args];

/** Runs one step, shows its output, returns whether it passed. */
function run(title, [command, ...args], env = {}) {
  process.stdout.write(`\n── ${title}\n`);
  const started = Date.now();
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: command.endsWith('.cmd') // Windows starts .cmd files through a shell alone
  });
  if (error) process.stdout.write(`${error.message}\n`);
  process.stdout.write(`   ${status === 0 ? 'ok' : 'FAILED'} after ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  return status === 0;
}

/** A step that is one check: it counts as one test. */
function check(title, command, env) {
  const passed = run(title, command, env);
  totals[passed ? 'passed' : 'failed'] += 1;
  return passed;
}

function chromium() {
  const places = [
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'
  ];
  return places.find((path) => path && existsSync(path));
}

/** Debian and its kin, as root: the two things the tests need from outside can be installed. */
function install(debianPackage) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  process.stdout.write(`\n── installing ${debianPackage} (needed by the tests)\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env });
  if (apt('install', '-y', debianPackage).status !== 0) {
    apt('update');
    apt('install', '-y', debianPackage);
  }
}

/** Finds or installs; what stays missing is an error in CI and a note elsewhere. */
function need(what, debianPackage, find) {
  if (!find()) install(debianPackage);
  const found = find();
  if (found) return found;
  const message = `${what} is missing: install it (Debian: apt install ${debianPackage})`;
  if (strict) {
    process.stdout.write(`\n${message}\n`);
    totals.failed += 1;
  } else {
    totals.skipped += 1;
    notes.push(message);
  }
  return undefined;
}

function unit(env) {
  const file = join(results, 'unit.json');
  const passed = run(
    'unit, conformance and golden tests',
    node('vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`),
    env
  );
  const report = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 };
  totals.passed += report.numPassedTests;
  totals.failed += report.numFailedTests + (report.numFailedTests === 0 && !passed ? 1 : 0);
  totals.skipped += report.numPendingTests;
}

function endToEnd(browser) {
  const file = join(results, 'e2e.json');
  const passed = run(
    'the app in Chromium, and Electron where it is',
    node('@playwright/test/cli.js', 'test', '--reporter=list,json'),
    {
      CHROMIUM: browser,
      PLAYWRIGHT_JSON_OUTPUT_FILE: file
    }
  );
  const { stats } = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { stats: { expected: 0, unexpected: 1, flaky: 0, skipped: 0 } };
  totals.passed += stats.expected + stats.flaky;
  totals.failed += stats.unexpected + (stats.unexpected === 0 && !passed ? 1 : 0);
  totals.skipped += stats.skipped;
}

const wants = (step) => only.length === 0 || only.includes(step);
const npmRun = (script) => [process.platform === 'win32' ? 'npm.cmd' : 'npm', 'run', '-s', script];

if (wants('format')) check('format', npmRun('check:format'));
if (wants('lint')) check('lint, with the import rules of the rooms', npmRun('check:lint'));
if (wants('types')) check('types', npmRun('check:types'));
const built = check('build', npmRun('build'));
const fashion = '/usr/share/datasets/fashion-mnist';
if (wants('unit')) {
  need('The full Fashion-MNIST', 'dataset-fashion-mnist', () => existsSync(fashion) && fashion);
  unit();
}
if (wants('e2e') && built) {
  const browser = need('Chromium', 'chromium', chromium);
  if (browser) endToEnd(browser);
}
if (!existsSync(join(root, 'node_modules/electron/path.txt')))
  notes.push('Electron itself: its binary is not on this machine');

for (const note of notes) process.stdout.write(`\nskipped: ${note}`);
process.stdout.write(`\n\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exitCode = totals.failed > 0 ? 1 : 0;
