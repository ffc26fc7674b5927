import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWindowState, writeWindowState } from '../../../src-main/hosts/desktop/window-state.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const standard = { width: 1440, height: 900, isMaximized: false };

describe('the window’s place', () => {
  it('comes back at the next start', () => {
    const file = join(temporaryFolder(), 'deep', 'window.json');
    const bounds = { x: 100, y: 50, width: 1000, height: 700 };
    writeWindowState(file, { bounds, isMaximized: true });
    expect(readWindowState(file, [screen])).toEqual({ ...bounds, isMaximized: true });
  });

  it('is the standard one at the first start and with a damaged file', () => {
    const file = join(temporaryFolder(), 'window.json');
    expect(readWindowState(file, [screen])).toEqual(standard);
    for (const damaged of ['{', '[]', '{"bounds":{"x":0,"y":0,"width":-5,"height":1},"isMaximized":false}']) {
      writeFileSync(file, damaged);
      expect(readWindowState(file, [screen])).toEqual(standard);
    }
  });

  it('is given up when its screen is gone', () => {
    const file = join(temporaryFolder(), 'window.json');
    writeWindowState(file, { bounds: { x: 2500, y: 100, width: 1000, height: 700 }, isMaximized: false });
    expect(readWindowState(file, [screen])).toEqual(standard);
    expect(readWindowState(file, [screen, { ...screen, x: 1920 }])).toMatchObject({ x: 2500 });
  });
});
