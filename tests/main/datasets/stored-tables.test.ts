import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatasets } from '../../../src-main/datasets/datasets.ts';
import { emptyFolder, rejection } from './files.ts';
import { flowers, imported, table } from './tables.ts';

describe('an imported table in the data folder', () => {
  const userFolder = emptyFolder();
  const datasets = openDatasets({
    userFolder,
    systemFolders: [],
    resourcesFolder: join(import.meta.dirname, '../../../resources')
  });
  const path = join(userFolder, 'datasets/my-flowers/dataset.caviar');

  it('is listed and loaded like any set, under its own title', async () => {
    const { info } = await datasets.importFrom(table(flowers, 'My Flowers.csv'), {
      target: ['species'],
      title: 'Flowers'
    });
    expect(info).toMatchObject({ name: 'my-flowers', title: 'Flowers', origin: 'user', trainCount: 5, testCount: 1 });
    expect((await datasets.list()).at(-1)).toEqual(info);
    const loaded = await datasets.load('my-flowers');
    const { dataset } = await imported(flowers, { target: ['species'] });
    expect(loaded).toEqual({ ...dataset, info });
  });

  it('cannot take a name that is there, nor that of Fashion-MNIST, nor options that mean nothing', async () => {
    for (const name of ['my-flowers', 'xor'])
      expect((await rejection(datasets.importFrom(table(flowers), { name, target: ['species'] }))).message).toContain(
        'already'
      );
    const other = datasets.importFrom(table(flowers), { name: 'fashion-mnist', target: ['species'] });
    expect((await rejection(other)).message).toContain('This is not Fashion-MNIST.');
    expect(readdirSync(join(userFolder, 'datasets'))).toEqual(['my-flowers']);
  });

  it('leaves nothing behind when it is bad', async () => {
    await rejection(datasets.importFrom(table('x,y\n1,a\n2\n', 'broken.csv'), { target: ['y'] }));
    await rejection(datasets.importFrom(table('x,y\n1,a\n', 'table.xlsx'), { target: ['y'] }));
    expect(readdirSync(join(userFolder, 'datasets'))).toEqual(['my-flowers']);
  });

  it('says what is wrong with a file that was damaged', async () => {
    const whole = readFileSync(path);
    const damages: [string, () => void, string][] = [
      ['cut off', () => truncateSync(path, whole.length - 3), `should have ${whole.length} bytes but has`],
      ['another file', () => writeFileSync(path, 'PK\u0003\u0004something'), 'not a Caviar dataset'],
      ['three bytes', () => writeFileSync(path, 'CAV'), 'not a Caviar dataset'],
      [
        'a header of 4 GB',
        () => writeFileSync(path, Buffer.concat([whole.subarray(0, 4), Buffer.alloc(8, 255)])),
        'cannot be so long'
      ],
      [
        'a description that is no JSON',
        () => writeFileSync(path, Buffer.from(whole).fill(0x7b, 8, 60)),
        'description at the head'
      ],
      [
        'a label that is no class',
        () => writeFileSync(path, Buffer.from(whole).fill(9, whole.length - 1)),
        'Label 6 is no class'
      ]
    ];
    for (const [, damage, message] of damages) {
      damage();
      const fault = await rejection(datasets.load('my-flowers'));
      expect([fault.code, fault.message]).toEqual(['bad_dataset', expect.stringContaining(message)]);
      expect(fault.message).toContain(path);
      writeFileSync(path, whole);
    }
    expect((await datasets.load('my-flowers')).labels).toHaveLength(6);
    expect(existsSync(join(userFolder, 'datasets/broken'))).toBe(false);
  });
});
