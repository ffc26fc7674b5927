import { describe, expect, it } from 'vitest';
import type { TableOptions } from '../../../src-main/datasets/table/import-table.ts';
import { flowers, imported, rowsOf } from './tables.ts';

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
