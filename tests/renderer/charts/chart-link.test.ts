import { expect, it } from 'vitest';
import { ChartLink } from '../../../src-renderer/charts/chart-link.svelte.ts';

it('magnifies around the crosshair and never leaves the whole', () => {
  const link = new ChartLink();
  link.hover = 2;
  link.magnify(2, [0, 10]);
  expect(link.zoom).toEqual([1, 6]);
  link.hover = 1;
  link.magnify(2, [0, 10]);
  expect(link.zoom).toEqual([1, 3.5]);
  link.magnify(0.5, [0, 10]);
  link.magnify(0.5, [0, 10]);
  expect(link.zoom).toBeNull();
});
