import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemDatasetFolders, userDataFolder } from '../../../src-main/hosts/folders.ts';

const at = (platform: NodeJS.Platform, env: Record<string, string> = {}) =>
  userDataFolder({ platform, env, home: 'home' });

describe('the user’s data folder', () => {
  it('is where each system keeps such things', () => {
    expect(at('win32', { APPDATA: 'roaming' })).toBe(join('roaming', 'Caviar'));
    expect(at('win32')).toBe(join('home', 'AppData', 'Roaming', 'Caviar'));
    expect(at('darwin')).toBe(join('home', 'Library', 'Application Support', 'Caviar'));
    expect(at('linux', { XDG_DATA_HOME: 'data' })).toBe(join('data', 'caviar'));
    expect(at('linux')).toBe(join('home', '.local', 'share', 'caviar'));
  });

  it('is CAVIAR_HOME where that is set', () => {
    for (const platform of ['win32', 'darwin', 'linux'] as const)
      expect(at(platform, { CAVIAR_HOME: 'mine', XDG_DATA_HOME: 'data' })).toBe('mine');
  });
});

describe('the system’s datasets', () => {
  it('are where Debian puts them, and nowhere on Windows', () => {
    expect(systemDatasetFolders('linux')).toEqual(['/usr/share/datasets']);
    expect(systemDatasetFolders('win32')).toEqual([]);
  });
});
