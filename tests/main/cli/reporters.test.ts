import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { barReporter, describeProgress } from '../../../src-main/hosts/cli/reporters.ts';
import { formatCount, formatDuration, formatNumber, table, visible } from '../../../src-main/hosts/cli/terminal.ts';
import { endEvent, epochEvent, startEvent, stepsEvent } from '../../support/run-events.ts';

const plain = (text: string) => stripVTControlCharacters(text);

describe('the progress line', () => {
  it('tells epoch, share, loss, accuracy, images a second and the time left', () => {
    // 6 of 12 steps, each a quarter of 40 images, in 3 seconds.
    const line = plain(describeProgress(startEvent, stepsEvent(5, [0.5, 0.25], 3), 200));
    expect(line).toBe('epoch 2/3 ━━━━━━━━━━──────────  50 %  loss 0.375  accuracy 62.50 %  20 images/s  ETA 0:03');
  });

  it('fits into a narrow terminal, the time left kept', () => {
    for (const columns of [80, 60, 50]) {
      const line = plain(describeProgress(startEvent, stepsEvent(5, [0.5, 0.25], 3), columns));
      expect(line.length).toBeLessThanOrEqual(columns);
      expect(line).toMatch(/ETA 0:03$/);
    }
  });

  it('is redrawn in place and leaves one line per epoch behind', () => {
    let written = '';
    const terminal = { columns: 120, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
    const report = barReporter({ id: 7, name: 'xor', dataset: 'xor', seed: 42 }, terminal);
    for (const event of [startEvent, stepsEvent(1, [0.5]), epochEvent(1, 0.75), stepsEvent(5, [null]), endEvent()])
      report(event);
    const lines = plain(written).split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[2]).toMatch(/^\repoch 1\/3 .* 8 %.*\repoch 1\/3 {2}train loss 1 .* dev loss 1\.1 .* 75\.00 %/);
    expect(lines[3]).toBe('\rRun 7 completed after 6.5 s. Test loss 0.4, accuracy 87.50 %.');
    expect(written.endsWith('\n')).toBe(true);
  });
});

describe('the lines of a run', () => {
  const tell = (...events: Parameters<ReturnType<typeof barReporter>>[0][]) => {
    let written = '';
    const terminal = { columns: 200, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
    const report = barReporter({ id: 7, name: 'xor', dataset: 'xor', seed: 42 }, terminal);
    for (const event of events) report(event);
    return plain(written);
  };

  it('of quantities say nothing of right and wrong', () => {
    const metrics = { loss: 0.5, accuracy: null, mae: 0.25, r2: -0.125 };
    const told = tell(
      startEvent,
      { ...stepsEvent(1, [0.5]), accuracy: [null] },
      { ...epochEvent(1, null), train: { loss: 0.75, accuracy: null }, dev: metrics },
      { ...endEvent(), test: metrics }
    );
    expect(told).toContain('train loss 0.75    dev loss 0.5    mae 0.25   r2 -0.125');
    expect(told).toContain('Test loss 0.5, mae 0.25, r2 -0.125.');
    expect(told).not.toMatch(/accuracy|NaN|%.*%/);
  });

  it('end with precision, recall and F1 of every class', () => {
    const items = [
      { name: 'cat', count: 1200, precision: 0.5, recall: 0.25, f1: 1 / 3 },
      { name: 'eel', count: 0, precision: null, recall: null, f1: null }
    ];
    const told = tell({ ...endEvent(), reports: [{ node: 'out', on: 'test', items, confusion: null }] });
    expect(told.split('\n').slice(1, 5)).toEqual([
      'On the test set:',
      'class  examples  precision   recall       F1',
      'cat       1 200    50.00 %  25.00 %  33.33 %',
      'eel           0          –        –        –'
    ]);
  });

  it('say where a run broke and what helps, and which device took over', () => {
    const diverged = { step: 12, node: 'h1', what: 'output', tensor: 'h1.y' } as const;
    const why = 'webgpu was lost (gone); the run goes on with the same numbers on wasm';
    const told = tell(
      { type: 'backend', step: 1200, backend: 'wasm', detail: 'SIMD', threads: 2, why },
      { ...endEvent('diverged'), diverged }
    );
    expect(told).toContain(`Step 1 200: moved to wasm (SIMD). ${why}.`);
    expect(told).toMatch(
      /Run 7 diverged .* At step 12 .*, first in the output of “h1” \(h1\.y\)\. .*Lower the learning rate/
    );
  });
});

describe('numbers for people', () => {
  it('have four digits, groups of three, and hours only where there are some', () => {
    expect([0.123456, 12.3456, 0.00012345, 0, null].map(formatNumber)).toEqual([
      '0.1235',
      '12.35',
      '1.234e-4',
      '0',
      '–'
    ]);
    expect([999, 109_810, 1_234_567].map(formatCount)).toEqual(['999', '109 810', '1 234 567']);
    expect([0, 75.4, 3725].map(formatDuration)).toEqual(['0:00', '1:15', '1:02:05']);
  });

  it('stand right in tables, words left', () => {
    expect(
      table(
        ['run', 'name'],
        [
          ['1', 'xor'],
          ['12', 'spiral']
        ]
      )
    ).toBe('run  name\n  1  xor\n 12  spiral');
  });

  it('stand below each other in Japanese too, and stay on one line whatever a name holds', () => {
    const rows = [
      ['女', '1'],
      ['cafe\u0301', '2'],
      ['a\nb\u001b[31m', '3']
    ];
    expect(table(['class', 'count'], rows)).toBe(
      ['class     count', '女            1', 'cafe\u0301          2', 'a␊b␛[31m      3'].join('\n')
    );
  });

  it('show control characters, of which a terminal would do what they say', () => {
    expect(visible('one\u001b]0;title\u0007\ttwo\r\nthree\u007f\u009b')).toBe('one␛]0;title␇␉two␍\nthree␡�');
  });
});
