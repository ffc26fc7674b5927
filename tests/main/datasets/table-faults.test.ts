import { describe, expect, it } from 'vitest';
import type { TableOptions } from '../../../src-main/datasets/table/import-table.ts';
import { rejection } from './files.ts';
import { imported } from './tables.ts';

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
