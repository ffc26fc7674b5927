import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatRemaining,
  formatSetting,
  formatShort,
  formatStamp,
  formatTick,
  formatTime,
  NONE
} from '../../../src-renderer/controls/format.ts';

/** Thin spaces as plain ones, so that the cases can be read. */
const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('a number', () => {
  it.each([
    [0.334712, '0.3347'],
    [0.0012346, '0.001235'],
    [12345.6, '12 346'],
    [88.125, '88.13'],
    [-1.5, '−1.500'],
    [0, '0'],
    [2e-7, '2.000e-7'],
    [3.2e12, '3.200e12']
  ])('has four significant digits: %s', (value, text) => expect(plain(formatNumber(value))).toBe(text));

  it.each([NaN, Infinity, null, undefined])('that is not finite is a dash: %s', (value) =>
    expect(formatNumber(value)).toBe(NONE)
  );

  it('is parted by narrow spaces that do not break', () => expect(formatCount(1234567)).toBe('1\u202f234\u202f567'));
});

describe('a count', () => {
  it.each([
    [950, '950'],
    [1234567, '1.23 M'],
    [999.7, '1 k'],
    [65500, '65.5 k'],
    [100, '100'],
    [240_000, '240 k'],
    [1_881_600, '1.88 M'],
    [9.1e15, '9100 T']
  ])('gets an SI prefix: %s', (value, text) => expect(plain(formatShort(value))).toBe(text));
});

describe('a share', () => {
  it('is a percentage with four digits', () => expect(plain(formatPercent(0.90312))).toBe('90.31 %'));
  it('keeps its sign', () => expect(plain(formatPercent(-0.0571))).toBe('−5.71 %'));
});

describe('a setting', () => {
  it.each([
    [0.001, '0.001'],
    [0.0003, '3e-4'],
    [1e-8, '1e-8'],
    [0.9, '0.9'],
    [128, '128'],
    [60000, '60 000']
  ])('reads as it would be typed, scientific below 1e-3: %s', (value, text) =>
    expect(plain(formatSetting(value))).toBe(text)
  );
});

describe('a time', () => {
  it.each([
    [0.84, '0.84 s'],
    [33.44, '33.4 s'],
    [59.97, '1 min 00 s'],
    [125, '2 min 05 s'],
    [3840, '1 h 04 min']
  ])('has the units that a person would take: %s', (seconds, text) =>
    expect(plain(formatDuration(seconds))).toBe(text)
  );

  it('that is left is rounded up to whole seconds', () => expect(plain(formatRemaining(32.1))).toBe('33 s'));
  it('as a stamp counts minutes and hours', () => {
    expect(formatStamp(7.31)).toBe('0:07.3');
    expect(formatStamp(3725)).toBe('1:02:05');
  });
  it('on an axis is seconds for short runs and a stamp for long ones', () => {
    expect(plain(formatTime(2.5, 10))).toBe('2.5 s');
    expect(formatTime(90, 600)).toBe('1:30');
  });
});

it('a tick shows no digits that it does not have', () => {
  expect(formatTick(0.30000000000000004)).toBe('0.3');
  expect(plain(formatTick(4000))).toBe('4 000');
});
