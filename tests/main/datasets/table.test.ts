import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src-worker/contract/dataset.ts';
import { openDatasets } from '../../../src-main/datasets/datasets.ts';
import { importTable, type TableOptions } from '../../../src-main/datasets/table/import-table.ts';
import { emptyFolder, rejection } from './files.ts';

function table(content: string | Uint8Array, name = 'table.csv'): string {
  const path = join(emptyFolder(), name);
  writeFileSync(path, content);
  return path;
}
const imported = (content: string | Uint8Array, options: TableOptions) => importTable(table(content), options);
/** Inputs and targets of every example, training rows first. */
const rowsOf = ({ info, examples, labels, values }: Dataset) => {
  const width = info.shape[0]!;
  return Array.from(labels, (label, at) => ({
    x: [...examples.subarray(at * width, (at + 1) * width)],
    y:
      info.classes.length > 0
        ? info.classes[label]
        : [...values.subarray(at * info.values.length, (at + 1) * info.values.length)]
  }));
};

const flowers = [
  'id,length,width,colour,bought,species',
  '1,5.1,3.5,red,2024-05-01,setosa',
  '2,4.9,,blue,2024-05-02,setosa',
  '3,7,3.2,red,2024-05-03,versicolor',
  '4,6.4,3.2,,2024-05-04,versicolor',
  '5,6.3,3.3,blue,2024-05-05,virginica',
  '6,5.8,NA,red,2024-05-06,virginica',
  '7,5.8,2.7,red,2024-05-07,?'
].join('\n');

describe('a table with classes', () => {
  it('becomes numbers: as they are, one column a category, gaps filled, the rest left out', async () => {
    const { dataset, droppedRows, notes } = await imported(flowers, { target: ['species'], test: 0 });
    expect(dataset.info).toMatchObject({
      shape: [5],
      columns: ['length', 'width', 'colour = blue', 'colour = red', 'colour = missing'],
      classes: ['setosa', 'versicolor', 'virginica'],
      values: [],
      trainCount: 6,
      testCount: 0,
      encoding: 'floats'
    });
    const f = Math.fround;
    const median = (f(3.2) + f(3.3)) / 2; // of 3.2, 3.2, 3.3, 3.5: the middle two are 3.2 and 3.3
    expect(rowsOf(dataset)).toEqual([
      { x: [f(5.1), 3.5, 0, 1, 0], y: 'setosa' },
      { x: [f(4.9), f(median), 1, 0, 0], y: 'setosa' },
      { x: [7, f(3.2), 0, 1, 0], y: 'versicolor' },
      { x: [f(6.4), f(3.2), 0, 0, 1], y: 'versicolor' },
      { x: [f(6.3), f(3.3), 1, 0, 0], y: 'virginica' },
      { x: [f(5.8), f(median), 0, 1, 0], y: 'virginica' }
    ]);
    expect(droppedRows).toBe(1);
    expect(notes).toEqual([
      'Guessed from “species”: classification. --task says otherwise.',
      '1 row without “species” left out.',
      'Column “id” left out: it only tells the rows apart.',
      'Column “width”: 2 missing, filled with the median 3.25.',
      'Column “colour”: 1 missing, a category of their own.',
      'Column “bought” left out: it holds dates or times.'
    ]);
  });

  it('is tested on a stratified share, the same every time', async () => {
    const rows = Array.from({ length: 200 }, (_, at) => `${at * 1.5},${at % 4 === 0 ? 'rare' : 'common'}`);
    const text = ['x,y', ...rows].join('\n');
    const { dataset } = await imported(text, { target: ['y'], test: 0.25 });
    expect([dataset.info.trainCount, dataset.info.testCount]).toEqual([150, 50]);
    const test = rowsOf(dataset).slice(150);
    expect(test.filter(({ y }) => y === 'rare')).toHaveLength(12); // a quarter of 50; “common” comes first and gets the half
    for (const { x, y } of rowsOf(dataset)) expect(y).toBe((x[0]! / 1.5) % 4 === 0 ? 'rare' : 'common');
    expect(new Set(rowsOf(dataset).map(({ x }) => x[0])).size).toBe(200);
    expect((await imported(text, { target: ['y'], test: 0.25 })).dataset).toEqual(dataset);
    const byDefault = (await imported(text, { target: ['y'] })).dataset.info;
    expect([byDefault.trainCount, byDefault.testCount]).toEqual([160, 40]);
  });

  it('fills gaps with the median of the training rows alone', async () => {
    const rows = Array.from({ length: 100 }, (_, at) => `${at % 10 === 3 ? '' : at ** 2},${at % 2}`);
    const { dataset } = await imported(['x,y', ...rows].join('\n'), { target: ['y'], test: 0.5 });
    const gaps = Array.from({ length: 10 }, (_, at) => (10 * at + 3) ** 2);
    const squares = new Set(Array.from({ length: 100 }, (_, at) => at ** 2).filter((one) => !gaps.includes(one)));
    const all = rowsOf(dataset).map(({ x }) => x[0]!);
    const known = all.slice(0, 50).filter((x) => squares.has(x));
    const middle = known.toSorted((a, b) => a - b);
    const median = (middle[Math.floor((known.length - 1) / 2)]! + middle[Math.ceil((known.length - 1) / 2)]!) / 2;
    const filled = all.filter((x) => !squares.has(x) || x === median);
    expect(filled.length).toBeGreaterThanOrEqual(10);
    expect(new Set(filled)).toEqual(new Set([median]));
  });

  it('takes a few whole numbers for classes, in the order of their size', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => `${at * 0.5},${[10, 9, 2][at % 3]}`);
    const { dataset } = await imported(['x,grade', ...rows].join('\n'), { target: ['grade'] });
    expect(dataset.info.classes).toEqual(['2', '9', '10']);
  });

  it('takes equal numbers for one class however they are written, and codes with letters as they are', async () => {
    const numbers = await imported('x,y\n1,0\n2,1\n3,1.0\n4,0.0\n5,01\n6,-0', { target: ['y'], test: 0 });
    expect(numbers.dataset.info.classes).toEqual(['0', '1']);
    expect([...numbers.dataset.labels]).toEqual([0, 1, 1, 0, 1, 0]);
    const commas = await imported('x;y\n1;0,5\n2;1,50\n3;,5\n4;1,5', {
      target: ['y'],
      task: 'classification',
      test: 0
    });
    expect(commas.dataset.info.classes).toEqual(['0.5', '1.5']);
    const codes = await imported('x,y\n1,1\n2,01\n3,1.0\n4,1a', { target: ['y'], test: 0 });
    expect(codes.dataset.info.classes).toEqual(['01', '1', '1.0', '1a']);
    const long = await imported('x,y\n1,90071992547409931\n2,90071992547409932', {
      target: ['y'],
      task: 'classification',
      test: 0
    });
    expect(long.dataset.info.classes).toHaveLength(2); // the same in float64
  });

  it('counts classes by their numbers: 200 written in two ways are not too many', async () => {
    const rows = Array.from({ length: 400 }, (_, at) => `${at * 0.5},${at % 200}${at < 200 ? '' : '.0'}`);
    const options: TableOptions = { target: ['y'], task: 'classification' };
    expect((await imported(['x,y', ...rows].join('\n'), options)).dataset.info.classes).toHaveLength(200);
  });

  it('tells gaps from a category that is called missing', async () => {
    const { dataset } = await imported('c,y\nmissing,a\n,b\nred,a', { target: ['y'], test: 0 });
    expect(dataset.info.columns).toEqual(['c = missing', 'c = red', 'c = (missing)']);
    expect(rowsOf(dataset).map(({ x }) => x)).toEqual([
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0]
    ]);
  });
});

describe('a table with numbers to predict', () => {
  const houses = 'rooms;area;price;rent\n3;70,5;210,25;700\n4;90;260;\n2;41,25;150;500\n5;120;400;1100\n1;30;90;300';

  it('keeps them as values; semicolons allow a comma before the decimals', async () => {
    const { dataset, droppedRows } = await imported(houses, { target: ['price', 'rent'], test: 0 });
    expect(dataset.info).toMatchObject({
      columns: ['rooms', 'area'],
      classes: [],
      values: [
        { name: 'price', kind: 'number' },
        { name: 'rent', kind: 'number' }
      ]
    });
    expect(rowsOf(dataset)).toEqual([
      { x: [3, 70.5], y: [210.25, 700] },
      { x: [2, 41.25], y: [150, 500] },
      { x: [5, 120], y: [400, 1100] },
      { x: [1, 30], y: [90, 300] }
    ]);
    expect(droppedRows).toBe(1); // the second has no rent
  });

  it('can be told so where classes would be guessed', async () => {
    const { dataset } = await imported(houses, { target: ['rooms'], task: 'regression', test: 0.4 });
    expect(dataset.info).toMatchObject({ classes: [], values: [{ name: 'rooms', kind: 'number' }], testCount: 2 });
    expect([...dataset.values].sort()).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('a table with several labels', () => {
  const scenes = 'x,sea,sky,tree\n1,1,0,\n2,0,,1\n3,,,\n4,1.0,true,no\n5,0,1,1';

  it('keeps missing ones missing and drops a row that has none', async () => {
    const { dataset, droppedRows, notes } = await imported(scenes, { target: ['sea,sky', 'tree'], test: 0 });
    expect(dataset.info.values).toEqual(['sea', 'sky', 'tree'].map((name) => ({ name, kind: 'binary' })));
    expect(rowsOf(dataset)).toEqual([
      { x: [1], y: [1, 0, NaN] },
      { x: [2], y: [0, NaN, 1] },
      { x: [4], y: [1, 1, 0] },
      { x: [5], y: [0, 1, 1] }
    ]);
    expect(droppedRows).toBe(1);
    expect(notes[0]).toBe('Guessed from “sea”, “sky”, “tree”: multi-label. --task says otherwise.');
  });
});

describe('the form of the file', () => {
  const expected = [
    { x: [1], y: 'a, "b"\nc' },
    { x: [2], y: 'd' }
  ];
  it.each([
    ['commas, quotes and line ends within', 'x,y\n1,"a, ""b""\nc"\n2,d\n'],
    ['Windows line ends and a byte order mark', '\uFEFFx,y\r\n1,"a, ""b""\r\nc"\r\n2,d\r\n'],
    ['old Mac line ends', 'x,y\r1,"a, ""b""\rc"\r2,d'],
    ['semicolons', 'x;y\n1;"a, ""b""\nc"\n2;d'],
    ['tabs', 'x\ty\n1\t"a, ""b""\nc"\n2\td'],
    ['blanks around fields, empty lines', ' x , y\n\n 1 , "a, ""b""\nc" \n\n 2 ,d\n\n']
  ])('may have %s', async (_, text) => {
    expect(rowsOf((await imported(text, { target: ['y'], test: 0 })).dataset)).toEqual(expected);
  });

  it('keeps letters whole where a read ends within one', async () => {
    const rows = Array.from({ length: 60_000 }, (_, at) => `${at / 2},${'あいう'[at % 3]}`); // more than one read of 256 KiB
    const { dataset } = await imported(['x,かな', ...rows].join('\n'), { target: ['かな'], test: 0 });
    expect(dataset.info.classes).toEqual(['あ', 'い', 'う']);
    expect(rowsOf(dataset).every(({ x, y }) => y === 'あいう'[(x[0]! * 2) % 3])).toBe(true);
  });
});

const hundred = Array.from({ length: 100 }, (_, at) => `${at / 4},${at % 2}`);
describe('a bad table', () => {
  it.each<[string, string | Uint8Array, TableOptions, string]>([
    ['an empty file', '', {}, 'The file is empty.'],
    ['names alone', 'x,y\n', { target: ['y'] }, 'There are no rows.'],
    ['one column', 'x\n1\n2', {}, 'Line 1: There is one column.'],
    ['no names', '1,2\n3,4', {}, 'Line 1: These are no names.'],
    [
      'a name twice',
      'x,y,x\n1,2,3',
      {},
      'Line 1: Two columns have one name. Expected a name for each, found “x” twice.'
    ],
    [
      'a short line',
      'x,y\n1,a\n\n2\n',
      { target: ['y'] },
      'Line 4 has not as many fields as there are columns. Expected 2 fields, found 1.'
    ],
    ['a long line', 'x,y\n1,"a\nb"\n2,3,4\n', { target: ['y'] }, 'Line 4 has not as many fields'],
    [
      'an open quote',
      'x,y\n1,a\n2,"b\n3,c\n',
      { target: ['y'] },
      'The record that begins on line 3 cannot be read: a quoted field is never closed.'
    ],
    [
      'text behind a quote',
      'x,y\n1,"a"b\n',
      { target: ['y'] },
      'line 2 cannot be read: something follows the closing quote'
    ],
    ['a quote within a field', 'x,y\n1,a"b\n', { target: ['y'] }, 'line 2 cannot be read: a quote stands within'],
    [
      'Shift_JIS',
      Uint8Array.of(0x78, 0x2c, 0x79, 10, 0x31, 0x2c, 0x61, 10, 0x32, 0x2c, 0x82, 0xa0, 10),
      { target: ['y'] },
      'Line 3 is not UTF-8.'
    ],
    [
      'an end within a letter',
      Uint8Array.of(0x78, 0x2c, 0x79, 10, 0x31, 0x2c, 0xe3, 0x81),
      { target: ['y'] },
      'Line 2 is not UTF-8.'
    ],
    ['a zero byte', 'x,y\n1,\0\n', { target: ['y'] }, 'This is not a text file.'],
    [
      'a record without end',
      `x,y\n1,"${'a\n'.repeat(2_200_000)}"`,
      { target: ['y'] },
      'it is longer than 4194304 bytes'
    ],
    [
      'a slip among numbers',
      ['x,y', ...hundred, '12O,1'].join('\n'),
      { target: ['y'] },
      'Line 102, column “x” holds no number. Expected a number as in nearly all other rows, found “12O”.'
    ],
    [
      'a text to regress on',
      'x,y\n1,2\n2,b\n',
      { target: ['y'], task: 'regression' },
      'Line 3, column “y” holds no number.'
    ],
    [
      'a number beyond single precision',
      'x,y\n1,a\n1e39,b\n',
      { target: ['y'] },
      'Line 3, column “x” holds a number that is too large. Expected at most 3.4e38, found “1e39”.'
    ],
    [
      'one class',
      'x,y\n1,a\n2,a\n',
      { target: ['y'] },
      '“y” cannot be classes. Expected 2 to 256 different ones, found 1.'
    ],
    [
      '257 classes',
      ['x,y', ...Array.from({ length: 300 }, (_, at) => `${at},c${at % 257}`)].join('\n'),
      { target: ['y'] },
      'found more than 256.'
    ],
    [
      'a label of 2',
      'x,a,b\n1,0,2\n2,1,1',
      { target: ['a', 'b'], task: 'multi-label' },
      'Column “b” is no label. Expected 0 or 1 (true/false, yes/no; empty: not known), found “2”.'
    ],
    [
      'texts among several targets',
      'x,a,b\n1,0,u\n2,1,v',
      { target: ['a', 'b'] },
      'The targets do not go together: column “b” holds texts.'
    ],
    [
      'nothing but the target',
      'id,y\n1,a\n2,b',
      { target: ['y'] },
      'Nothing is left to learn from. Expected a column of numbers or categories, found “id”: it only tells the rows apart.'
    ],
    [
      'a test set of nearly all rows',
      ['x,y', ...hundred].join('\n'),
      { target: ['y'], test: 0.99 },
      'A test set of 0.99 of the 100 examples leaves too few for training. Expected at least 2, found 1. Give a smaller share'
    ],
    [
      'a test set that leaves fewer rows than classes',
      'x,y\n1,a\n2,b\n3,c\n4,d',
      { target: ['y'], test: 0.5 },
      'Expected at least 4, one for each class, found 2.'
    ],
    [
      'one row with a target',
      'x,y\n1,5.5\n2,',
      { target: ['y'] },
      'Too few rows have the target. Expected at least two, found 1.'
    ]
  ])('is refused: %s', async (_, content, options, message) => {
    const fault = await rejection(imported(content, options));
    expect([fault.code, fault.message]).toEqual(['bad_dataset', expect.stringContaining(message)]);
    expect(fault.message).toContain('table.csv: ');
  });

  it('is refused before its memory is taken: a million rows of 500 categories would be 2 GB', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `c${at}`);
    const line = (row: number) => names.map((_, at) => `v${(row + at) % 100}`).join(',');
    const block = Array.from({ length: 100 }, (_, at) => `${line(at)},${at % 2}`).join('\n');
    const before = process.memoryUsage().arrayBuffers;
    const fault = await rejection(
      imported([`${names.join(',')},y`, ...new Array<string>(270).fill(block)].join('\n'), { target: ['y'] })
    );
    expect(fault.message).toContain('27000 rows of 10000 numbers');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200e6);
  });

  it.each([1, -0.1, NaN])('is refused with a test share of %s', async (test) => {
    const fault = await rejection(imported(['x,y', ...hundred].join('\n'), { target: ['y'], test }));
    expect([fault.code, fault.message]).toEqual(['invalid_argument', expect.stringContaining(`cannot be ${test} of`)]);
  });

  it.each([
    [[], 'Say which column of'],
    [['z'], 'has no column “z”. It has: x, y.'],
    [['x,z'], 'has no column “z”']
  ])('is asked for a target it has: %j', async (target, message) => {
    const fault = await rejection(imported('x,y\n1,a\n2,b', { target }));
    expect([fault.code, fault.message]).toEqual(['invalid_argument', expect.stringContaining(message)]);
  });
});

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
