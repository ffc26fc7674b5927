#!/usr/bin/env node
/**
 * What `npm start`, `npm run serve` and `npx caviar` run: finds a Node that is new enough, builds what is stale, then opens the
 * desktop window or hands over to the command line. Plain JavaScript, read also by Node 20; stdout belongs to the command.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildIfStale } from './launch/build.mjs';
import { openDesktop, windowEnvironment } from './launch/desktop.mjs';
import { findNode } from './launch/node.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [command, ...rest] = process.argv.slice(2);

const node = findNode(root);
if (!node) {
  process.stderr.write(`caviar: Caviar needs Node 22.14 or newer; this is Node ${process.version}.\n`);
  process.exitCode = 1;
} else if (node !== process.execPath) continueWith(node);
else if (!buildIfStale(root)) process.exitCode = 1;
else if (command === 'start') await start();
else await commandLine(process.argv.slice(2));

/** The same command in a newer Node; signals and the exit code pass through. */
function continueWith(/** @type {string} */ newer) {
  const child = spawn(newer, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both, so the child hears it twice and counts that as one (see cli/interrupt.ts).
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : (code ?? 1);
  });
}

async function start() {
  const outcome = await openDesktop(root, windowEnvironment(rest, process.env));
  if ('exitCode' in outcome) process.exitCode = outcome.exitCode;
  else {
    process.stdout.write(`No desktop window: ${outcome.reason}. Caviar opens in the browser instead.\n`);
    await commandLine(['serve', ...rest]);
  }
}

async function commandLine(/** @type {string[]} */ args) {
  process.argv.splice(2, Infinity, ...args);
  await import(pathToFileURL(join(root, 'out', 'main', 'cli.js')).href);
}
