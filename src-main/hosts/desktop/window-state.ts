/** Where the window was, kept between starts in a small file beside Electron's own data. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

const stateSchema = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) }),
  isMaximized: z.boolean()
});
export type WindowState = z.infer<typeof stateSchema>;

const SIZE = { width: 1440, height: 900 };
export const MIN_SIZE = { width: 900, height: 600 };
/** So much of the window must lie on some screen, so that it can be seen and moved. */
const VISIBLE = { width: 200, height: 100 };

/** The state to open with; the standard one where none was kept, or where its screen is gone. */
export function readWindowState(
  file: string,
  screens: readonly Rectangle[]
): Partial<WindowState['bounds']> & { isMaximized: boolean } {
  const kept = stateSchema.safeParse(readJson(file)).data;
  if (!kept || !screens.some((screen) => isVisibleOn(kept.bounds, screen))) return { ...SIZE, isMaximized: false };
  return { ...kept.bounds, isMaximized: kept.isMaximized };
}

export function writeWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(state));
  } catch (error) {
    process.stderr.write(`The window's place could not be kept: ${(error as Error).message}\n`);
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null; // The first start, or a damaged file: both mean the standard window.
  }
}

function isVisibleOn(window: Rectangle, screen: Rectangle): boolean {
  const overlap = (a: number, aLength: number, b: number, bLength: number) =>
    Math.min(a + aLength, b + bLength) - Math.max(a, b);
  return (
    overlap(window.x, window.width, screen.x, screen.width) >= VISIBLE.width &&
    overlap(window.y, window.height, screen.y, screen.height) >= VISIBLE.height
  );
}
