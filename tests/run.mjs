/**
 * The whole test suite: format, lint, types, build, unit and conformance and golden tests, the app in a real Chromium, and Electron
 * itself where its binary is. `npm test` and `.ci/run` both run exactly this. What does not wait for one another runs side by side.
 *
 * Chromium and the Fashion-MNIST files are found, or installed where that is possible. With CI=true a missing one is an error;
 * without it, what cannot run is listed as skipped at the end.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const results = join(root, 'tests/.results');
const strict = process.env['CI'] === 'true';
const only = process.argv.slice(2);
const totals = { passed: 0, failed: 0, skipped: 0 };
const notes = [];
const times = [];
const begun = Date.now();
process.chdir(root);
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const bin = (name) => join(root, 'node_modules', ...name.split('/'));
const node = (script, ...args) => [process.execPath, bin(script), ...args];

const secondsSince = (started) => `${((Date.now() - started) / 1000).toFixed(1)} s`;

/** Runs one step and returns whether it passed. Its output is shown as it comes, or, beside other steps, when it ends. */
async function run(title, [command, ...args], { env = {}, isBeside = false } = {}) {
  if (!isBeside) process.stdout.write(`\n── ${title}\n`);
  const started = Date.now();
  const child = spawn(command, args, {
    stdio: isBeside ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env: { ...process.env, ...env },
    shell: command.endsWith('.cmd') // Windows starts .cmd files through a shell alone
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
  const [status] = await once(child, 'close').catch((error) => (said.push(`${error.message}\n`), [null]));
  const time = secondsSince(started);
  times.push([title, time]);
  if (isBeside) process.stdout.write(`\n── ${title}\n`);
  for (const chunk of said) process.stdout.write(chunk);
  process.stdout.write(`   ${status === 0 ? 'ok' : 'FAILED'} after ${time}\n`);
  return status === 0;
}

/** Steps that are one check each, which counts as one test; as many at a time as there are cores. Returns which passed. */
async function check(steps) {
  const passed = {};
  const waiting = Object.entries(steps);
  const work = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const [title, command] = step;
      passed[title] = await run(title, command, { isBeside: true });
      totals[passed[title] ? 'passed' : 'failed'] += 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
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

async function unit() {
  const file = join(results, 'unit.json');
  const passed = await run(
    'unit, conformance and golden tests',
    node('vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`)
  );
  const report = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 };
  totals.passed += report.numPassedTests;
  totals.failed += report.numFailedTests + (report.numFailedTests === 0 && !passed ? 1 : 0);
  totals.skipped += report.numPendingTests;
  const tests = (report.testResults ?? []).flatMap(({ assertionResults }) => assertionResults);
  for (const { status, fullName } of tests) if (status === 'pending' || status === 'skipped') notes.push(fullName);
}

async function endToEnd(browser) {
  const file = join(results, 'e2e.json');
  const passed = await run(
    'the app in Chromium, and Electron where it is',
    node('@playwright/test/cli.js', 'test', '--reporter=list,json'),
    { env: { CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: file } }
  );
  const nothing = { stats: { expected: 0, unexpected: 1, flaky: 0, skipped: 0 }, suites: [] };
  const { stats, suites } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : nothing;
  totals.passed += stats.expected + stats.flaky;
  totals.failed += stats.unexpected + (stats.unexpected === 0 && !passed ? 1 : 0);
  totals.skipped += stats.skipped;
  notes.push(...skippedIn(suites));
}

/** Titles of what Playwright skipped, at any depth. */
const skippedIn = (suites) =>
  suites.flatMap(({ specs = [], suites: inner = [] }) => [
    ...specs.filter(({ tests }) => tests.some(({ status }) => status === 'skipped')).map(({ title }) => title),
    ...skippedIn(inner)
  ]);

const wants = (step) => only.length === 0 || only.includes(step);
const npmRun = (script) => [process.platform === 'win32' ? 'npm.cmd' : 'npm', 'run', '-s', script];

// First and alone, because the others read what it writes.
await check({ kernels: npmRun('kernels') });
// The longest first, so that the cores end together.
const { build: isBuilt } = await check({
  ...(wants('types') && { types: npmRun('check:types') }),
  ...(wants('lint') && { 'lint, with the import rules of the rooms': npmRun('check:lint') }),
  ...(wants('format') && { format: npmRun('check:format') }),
  build: npmRun('build')
});
const fashion = '/usr/share/datasets/fashion-mnist';
if (wants('unit')) {
  need('The full Fashion-MNIST', 'dataset-fashion-mnist', () => existsSync(fashion) && fashion);
  await unit();
}
if (wants('e2e') && isBuilt) {
  const browser = need('Chromium', 'chromium', chromium);
  if (browser) await endToEnd(browser);
}
if (!existsSync(join(root, 'node_modules/electron/path.txt')))
  notes.push('Electron itself: its binary is not on this machine');

const width = Math.max(...times.map(([title]) => title.length));
process.stdout.write('\n');
for (const [title, time] of [...times, ['all of it', secondsSince(begun)]])
  process.stdout.write(`${title.padEnd(width)}  ${time.padStart(8)}\n`);
for (const note of notes) process.stdout.write(`\nskipped: ${note}`);
process.stdout.write(`\n\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exitCode = totals.failed > 0 ? 1 : 0;
