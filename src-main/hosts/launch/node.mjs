/** Finds a Node that can load the database: 22.14 or newer, with Node-API 10. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const [NODE_API, MAJOR, MINOR] = [10, 22, 14];

/** @param {{ node: string, napi?: string }} versions */
function isNewEnough({ node, napi }) {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return Number(napi) >= NODE_API && (major > MAJOR || (major === MAJOR && minor >= MINOR));
}

/**
 * This very Node, or one that came with `npm ci`; null where there is none.
 * @param {string} root
 */
export function findNode(root) {
  if (isNewEnough(process.versions)) return process.execPath;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const candidates = [
    join(root, 'node_modules', '.bin', name),
    join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', name)
  ];
  return candidates.find((candidate) => existsSync(candidate) && isNewEnough(versionsOf(candidate))) ?? null;
}

/** @param {string} node */
function versionsOf(node) {
  const { status, stdout } = spawnSync(node, ['-p', 'JSON.stringify(process.versions)'], { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : { node: '0' };
}
