/** Builds what is stale, quietly: one line on stderr, the build's own words only when it fails. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync
} from 'node:fs';
import { join } from 'node:path';

const sources = ['src-main', 'src-renderer', 'src-worker', 'resources'];
const settings = [
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'svelte.config.js',
  'tsconfig.base.json'
];
/** The last file of each of the three parts, in the order in which they are built. */
const products = ['main/cli.js', 'preload/index.cjs', 'renderer/index.html'];
/** `npm run build`, without needing npm. */
const steps = [['src-worker/kernels/compile.mjs'], ['node_modules/electron-vite/bin/electron-vite.js', 'build']];
const LOCK_POLL_MS = 200;
const TELL_AFTER_MS = 2000;
/** A lock gets its process number at once; one without it is what a killed build left. */
const NAMELESS_MS = 3000;

/**
 * Answers false, having said why, when the build failed.
 * @param {string} root
 */
export function buildIfStale(root) {
  if (!isStale(root)) return true;
  try {
    const release = lock(root);
    try {
      return !isStale(root) || build(root); // Another process may have built meanwhile.
    } finally {
      release();
    }
  } catch (error) {
    process.stderr.write(`caviar: Caviar cannot be built here: ${error.message}. Its folder “out” must be writable.\n`);
    return false;
  }
}

/** @param {string} root */
function isStale(root) {
  const built = products.map((file) => join(root, 'out', file));
  if (!built.every((file) => existsSync(file))) return true;
  const builtMs = Math.min(...built.map((file) => statSync(file).mtimeMs));
  const inputs = [...sources, ...settings].map((name) => join(root, name));
  return inputs.some((path) => newestMs(path) > builtMs);
}

/** Folders count too: their time changes when a file in them is removed. Generated files follow their sources. */
function newestMs(/** @type {string} */ path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return path.includes('.gen.') ? 0 : stats.mtimeMs;
  const inside = readdirSync(path).map((name) => newestMs(join(path, name)));
  return Math.max(stats.mtimeMs, ...inside);
}

/** @param {string} root */
function build(root) {
  process.stderr.write('Building Caviar, about ten seconds …\n');
  for (const args of steps) {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    if (status === 0) continue;
    process.stderr.write(`${stdout}${stderr}\nThe build failed at “node ${args.join(' ')}”. Has “npm ci” been run?\n`);
    return false;
  }
  return true;
}

/**
 * One build at a time. A lock whose process is gone is taken over. Throws: what the system says when the lock cannot be made.
 * @param {string} root
 */
function lock(root) {
  const file = join(root, 'out', '.building');
  mkdirSync(join(root, 'out'), { recursive: true });
  const startedMs = Date.now();
  let hasTold = false;
  for (;;) {
    if (take(file)) return () => rmSync(file, { force: true });
    const holder = holderOf(file);
    if (holder.isGone) rmSync(file, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
    if (hasTold || Date.now() - startedMs < TELL_AFTER_MS) continue;
    process.stderr.write(`Another build is running (pid ${holder.pid || 'unknown'}); waiting for it …\n`);
    hasTold = true;
  }
}

/** @param {string} file */
function take(file) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file */
function holderOf(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    const isGone = pid > 0 ? !isAlive(pid) : Date.now() - statSync(file).mtimeMs > NAMELESS_MS;
    return { pid, isGone };
  } catch (error) {
    if (error.code === 'ENOENT') return { pid: 0, isGone: false }; // Released meanwhile.
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0); // Signal 0 only asks.
  } catch (error) {
    return error.code === 'EPERM'; // It lives and belongs to somebody else.
  }
}
