/** Opens the desktop window where this computer can, else says why not. Never loads the electron package: that starts a download. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** An Electron that dies sooner than this never showed a window. */
const START_MS = 20_000;
const PROBE_MS = 5000;
const DOWNLOAD_MS = 300_000;
/** See exit-codes.ts: the database's own errors would be the same in the browser. */
const DATABASE_ERROR = 3;
const INTERRUPTED = 130;

/**
 * What the window needs to know of the command's arguments: `--db FILE` or `--db=FILE`.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function windowEnvironment(args, env) {
  const { db } = parseArgs({ args, options: { db: { type: 'string' } }, strict: false }).values;
  return typeof db === 'string' ? { ...env, CAVIAR_DB: db } : env;
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ exitCode: number } | { reason: string }>}
 */
export async function openDesktop(root, env) {
  const reason = whyNoWindow(env);
  if (reason) return { reason };
  const electron = findElectron(root) ?? ((await fetchElectron(root)) ? findElectron(root) : null);
  if (!electron)
    return { reason: 'Electron’s program is not here and could not be fetched (“npx install-electron” tries again)' };
  return runElectron(electron, [root], env);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {{ platform: string, uid: number | undefined }} system
 * @returns {string | null}
 */
export function whyNoWindow(env, { platform, uid } = { platform: process.platform, uid: process.getuid?.() }) {
  if (platform !== 'linux') return null;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display';
  return uid === 0 ? 'Electron’s sandbox does not work for the root user' : null;
}

/** @param {string} root */
function findElectron(root) {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const program = join(folder, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(program) ? program : null;
}

/** @param {string} root */
async function fetchElectron(root) {
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  if (!existsSync(installer) || !(await isOnline())) return false;
  process.stderr.write('Fetching Electron, about 110 MB, once …\n');
  return spawnSync(process.execPath, [installer], { stdio: 'ignore', timeout: DOWNLOAD_MS }).status === 0;
}

async function isOnline() {
  const url =
    process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror || 'https://github.com/electron/electron';
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false; // No network, or one that does not answer: the browser host needs none.
  }
}

/**
 * @param {string} electron
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ exitCode: number } | { reason: string }>}
 */
export function runElectron(electron, args, env) {
  const startedMs = Date.now();
  const child = spawn(electron, args, { env, stdio: ['ignore', 'inherit', 'pipe'] });
  let isInterrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      isInterrupted = true;
      child.kill(signal);
    });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ reason: `Electron could not be started (${error.message})` }));
    child.once('close', (code, signal) => {
      if (isInterrupted || signal === 'SIGINT' || signal === 'SIGTERM') return resolve({ exitCode: INTERRUPTED });
      const exitCode = signal ? 1 : (code ?? 1);
      const hasNotStarted = exitCode !== 0 && exitCode !== DATABASE_ERROR && Date.now() - startedMs < START_MS;
      if (hasNotStarted)
        return resolve({ reason: `Electron could not start (${firstReason(said) ?? signal ?? `exit code ${code}`})` });
      if (exitCode !== 0) process.stderr.write(said);
      resolve({ exitCode });
    });
  });
}

/** @param {string} said */
function firstReason(said) {
  const line = said.split('\n').find((text) => /error|fatal|cannot|missing/i.test(text));
  return line?.replace(/^\[[^\]]*\]\s*/, '').slice(0, 200);
}
