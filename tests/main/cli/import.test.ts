import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode as encodePng } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** y = 1 above the line x₁ + x₂ = 20. */
function pointsTable(): string {
  const path = join(temporaryFolder(), 'points.csv');
  const rows = Array.from({ length: 400 }, (_, i) => [i % 20, Math.floor(i / 20)] as const);
  const lines = rows.map(([x, y], i) => `${i},${x},${y},${x + y >= 20 ? 'above' : 'below'},${x + 2 * y}`);
  writeFileSync(path, ['id,x,y,side,height', ...lines].join('\r\n'));
  return path;
}

/** 40 images of 4 × 6: the left half is bright, or the right one. */
function halvesFolder(): string {
  const folder = join(temporaryFolder(), 'Halves');
  for (const [label, name] of ['left', 'right'].entries()) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let n = 0; n < 20; n++) {
      const data = Uint8Array.from({ length: 24 }, (_, at) => (Number(at % 6 >= 3) === label ? 250 - n : n));
      writeFileSync(join(folder, name, `${n}.png`), encodePng({ width: 6, height: 4, channels: 1, data }));
    }
  }
  return folder;
}

describe('an imported table', () => {
  it('can be trained on, and its answer is JSON when asked', async () => {
    const { run } = commandLine();
    const { code, stdout } = await run('datasets', 'import', pointsTable(), '--target', 'side', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'points',
      columns: ['x', 'y', 'height'],
      classes: ['above', 'below'],
      trainCount: 320,
      testCount: 80,
      droppedRows: 0,
      notes: [
        'Guessed from “side”: classification. --task says otherwise.',
        'Column “id” left out: it only tells the rows apart.'
      ]
    });
    const trained = await run('train', 'spiral', '--dataset', 'points', '--epochs', '30', '--json');
    const end = JSON.parse(trained.stdout.trim().split('\n').at(-1)!);
    expect(end).toMatchObject({ status: 'completed' });
    expect(end.test.accuracy).toBeGreaterThan(0.95);
  });

  it('with numbers to predict is listed as such', async () => {
    const { run } = commandLine();
    const args = ['--target', 'height', '--name', 'heights', '--title', 'Heights', '--test', '0.25'];
    const { stdout } = await run('datasets', 'import', pointsTable(), ...args);
    expect(stdout).toContain(
      'heights: 300 training and 100 test examples, 1 value to learn. Train on it: caviar train fashion-5-layer --dataset heights --set network.nodes.out.units=1 --set training.loss.kind=mse'
    );
    expect((await run('datasets')).stdout).toMatch(/^heights +user +4 +1 value +300 +100 +Heights$/m);
  });
});

describe('an imported table of prices', () => {
  it('is learned with the defaults, and its errors are in the unit of the prices', async () => {
    const path = join(temporaryFolder(), 'flats.csv');
    const flats = Array.from({ length: 600 }, (_, i) => [20 + (i % 30) * 4, Math.floor(i / 30), i % 7] as const);
    const lines = flats.map(([area, floor, age]) => [area, floor, age, 1800 * area + 2500 * floor - 900 * age]);
    writeFileSync(path, ['area,floor,age,price', ...lines].join('\n'));
    const { run } = commandLine();
    await run('datasets', 'import', path, '--target', 'price');
    const settings = ['training.loss.kind=mse', 'network.nodes.out.units=1', 'training.earlyStopping=null'];
    const args = ['--dataset', 'flats', '--epochs', '40', '--json', ...settings.flatMap((of) => ['--set', of])];
    const trained = await run('train', 'spiral', ...args);
    const { test } = JSON.parse(trained.stdout.trim().split('\n').at(-1)!);
    expect(test.r2).toBeGreaterThan(0.95);
    expect(test.mae).toBeGreaterThan(100);
    expect(test.mae).toBeLessThan(15_000);
  });
});

describe('an imported folder of images', () => {
  it('can be trained on', async () => {
    const { run } = commandLine();
    const { stdout } = await run('datasets', 'import', halvesFolder(), '--size', '6x6');
    expect(stdout).toContain('halves: 32 training and 8 test examples.');
    const args = ['--dataset', 'halves', '--set', 'network.nodes.out.units=2', '--epochs', '20', '--json'];
    const trained = await run('train', 'fashion-5-layer', ...args);
    expect(JSON.parse(trained.stdout.trim().split('\n').at(-1)!)).toMatchObject({ test: { accuracy: 1 } });
  });
});

describe('a mistake', () => {
  it.each([
    [['--target', 'z'], 'has no column “z”. It has: id, x, y, side, height.'],
    [[], 'Say which column of'],
    [['--target', 'side', '--size', '8x8'], '--size has no meaning for a table.'],
    [['--target', 'side', '--test', '1.5'], 'A number from 0 to below 1 is expected.'],
    [['--target', 'side', '--task', 'magic'], 'Allowed choices are classification, regression, multi-label.']
  ])('is told, and nothing is imported: %j', async (args, message) => {
    const { run } = commandLine();
    const { code, stderr } = await run('datasets', 'import', pointsTable(), ...args);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
    expect((await run('datasets')).stdout).not.toContain('points');
  });
});
